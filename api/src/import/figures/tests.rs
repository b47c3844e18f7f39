//! Readers of figures, on small files of every shape.
