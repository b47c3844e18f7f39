//! Receivers behind TLS: one is told only if its certificate is one that the operator
//! trusts, and otherwise it is said what was wrong.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::{Registered, program::Program, register, rename};
use crate::harness::{World, on_both, people};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A receiver with a certificate of its own, which takes everything.
struct Secure {
    url: String,
    /// Where its certificate lies, for whoever is to trust it.
    certificate: PathBuf,
    came: Arc<Mutex<Vec<String>>>,
}

impl Secure {
    async fn new(folder: &TempDir, name: &str) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([name.to_owned()]).unwrap();
        let certificate = folder.path().join(format!("{name}.pem"));
        std::fs::write(&certificate, cert.pem()).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/told", listener.local_addr().unwrap());
        let came: Arc<Mutex<Vec<String>>> = Arc::default();
        let desk = came.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(acceptor.clone(), stream, desk.clone()));
            }
        });
        Self { url, certificate, came }
    }

    fn came(&self) -> Vec<String> {
        self.came.lock().unwrap().clone()
    }
}

/// Reads one request and answers that it was taken.
async fn take(acceptor: TlsAcceptor, stream: TcpStream, desk: Arc<Mutex<Vec<String>>>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let (mut read, mut buffer) = (String::new(), [0; 4_096]);
    while !is_whole(&read) {
        match stream.read(&mut buffer).await {
            Ok(length) if length > 0 => read.push_str(&String::from_utf8_lossy(&buffer[..length])),
            _ => return,
        }
    }
    desk.lock().unwrap().push(read);
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
    let _ = stream.shutdown().await;
}

/// Whether a request has come to the end of its body.
fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let head = head.to_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    length.is_some_and(|length| body.len() >= length.trim().parse::<usize>().unwrap())
}

/// Waits until so much was tried; gives what came of the last try.
async fn tried(world: &World, hook: &Registered, times: usize) -> Value {
    let began = Instant::now();
    loop {
        let log = hook.now(world).await["deliveries"].take();
        if log["totalCount"].as_i64().unwrap() >= times.try_into().unwrap() {
            return log["nodes"][0].clone();
        }
        assert!(began.elapsed() < PATIENCE, "nothing is sent");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn a_certificate_is_good_if_the_operator_trusts_it() {
    on_both(async |world| {
        let folder = tempfile::tempdir().unwrap();
        let stranger = Secure::new(&folder, "localhost").await;
        let receiver = Secure::new(&folder, "127.0.0.1").await;
        let hook = register(world, people::NATIONAL, &receiver.url).await;
        rename(world, "Y90001", "Lark Rise Surgery").await;
        let trusting = |whom: &Secure| whom.certificate.to_str().unwrap().to_owned();

        let mut program = Program::start(world, &[("SSL_CERT_FILE", &trusting(&stranger))]).await;
        let refused = tried(world, &hook, 1).await;
        let why = "its certificate is not trusted";
        assert_eq!((&refused["failure"], &refused["statusCode"]), (&json!(why), &Value::Null));
        let elsewhere = receiver.url.replace("127.0.0.1", "localhost");
        let nothing_came = receiver.came();
        assert!(nothing_came.is_empty(), "{nothing_came:?}");
        program.terminate();
        assert!(program.ends().await.success());

        hook.command(world, "resumeWebhook", json!({})).await;
        let _program = Program::start(world, &[("SSL_CERT_FILE", &trusting(&receiver))]).await;
        let taken = tried(world, &hook, 2).await;
        assert_eq!((&taken["failure"], &taken["statusCode"]), (&Value::Null, &json!(204)));
        let came = receiver.came();
        assert!(came.len() == 1 && came[0].contains("Lark Rise Surgery"), "{came:?}");

        hook.command(world, "changeWebhook", json!({ "url": elsewhere })).await;
        rename(world, "Y90001", "Candleford Surgery").await;
        let refused = tried(world, &hook, 3).await;
        assert_eq!(refused["failure"], "its certificate is for another name");
    });
}
