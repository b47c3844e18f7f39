//! Every test of the programme, through its front door.
