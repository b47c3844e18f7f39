//! Attacks that are nobody's business in particular: secrets looked for in the log, and
//! work that tells what an answer does not. Tokens are attacked in `auth/token/tests`,
//! other origins in `http`, and reach in `access`.

mod logs;
mod work;
