//! Closes connections whose request was answered before all of it was read.
//!
//! actix waits for the rest of a chunked body once nobody holds it, for as long as the
//! client cares to send nothing. While somebody does hold it, it answers and hangs up.
//! So a body is shared: one share goes to the handler, the other stays with the answer
//! until that is sent. A body that was read to its end changes nothing.

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    web::Bytes,
};
use futures_util::Stream;

#[derive(Clone)]
pub(super) struct Shared(Rc<RefCell<Payload>>);

impl Stream for Shared {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(cx)
    }
}

/// Shares a request's body; `None` where there is none.
pub(super) fn share(request: &mut ServiceRequest) -> Option<Shared> {
    let payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return None;
    }
    let shared = Shared(Rc::new(RefCell::new(payload)));
    request.set_payload(Payload::Stream { payload: Box::pin(shared.clone()) });
    Some(shared)
}

/// Keeps a share with the answer.
pub(super) fn keep(
    shared: Option<Shared>,
    response: ServiceResponse<impl MessageBody + 'static>,
) -> ServiceResponse {
    let response = response.map_into_boxed_body();
    match shared {
        Some(unread) => response.map_body(|_, body| BoxBody::new(Answer { body, _unread: unread })),
        None => response,
    }
}

struct Answer {
    body: BoxBody,
    _unread: Shared,
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
