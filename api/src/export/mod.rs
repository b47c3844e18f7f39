//! What the domain gives, as files: the way back of `import`, under the same rules.

pub mod template;
