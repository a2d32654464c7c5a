pub const LABELS: [&str; 2] = ["NEGATIVE", "POSITIVE"];

/// One per label.
pub type Scores = [f64; LABELS.len()];
