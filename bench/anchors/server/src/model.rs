use std::path::Path;

use ort::{environment::Environment, inputs, session::Session, value::TensorRef};
use rustix::{process::setpriority_process, thread::gettid};
use tokenizers::{Tokenizer, TruncationParams};

use crate::{
    queue::{Job, Queue},
    scores::{LABELS, Scores},
};

const MAX_TOKENS: usize = 512;
/// Tokens of a run, padding included, unless a single text is longer.
const MAX_RUN_TOKENS: usize = 256;
/// A run costs about as much as this many tokens, so more padding than that is not worth it.
const RUN_COST_TOKENS: usize = 16;
/// As Polarity's workers.
const NICE: i32 = 5;

pub fn open_tokenizer(folder: &str) -> tokenizers::Result<Tokenizer> {
    let mut tokenizer = Tokenizer::from_file(Path::new(folder).join("tokenizer.json"))?;
    let truncation = TruncationParams { max_length: MAX_TOKENS, ..TruncationParams::default() };
    tokenizer.with_padding(None).with_truncation(Some(truncation))?;
    Ok(tokenizer)
}

/// A session of one thread.
pub struct Model(Session);

impl Model {
    /// Opens the weights of a folder and runs them once, because the first run is slow.
    pub fn open(onnxruntime: &Environment, folder: &str) -> ort::Result<Self> {
        let session = Session::builder(onnxruntime)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .commit_from_file(Path::new(folder).join("onnx/model_quantized.onnx"))?;
        let mut model = Self(session);
        model.run(&[&[101, 102]])?;
        Ok(model)
    }

    /// Answers jobs for ever.
    pub fn work(&mut self, queue: &Queue) -> ! {
        // Not required: without it, cache hits are slower under load.
        let _ = setpriority_process(Some(gettid()), NICE);
        loop {
            let mut jobs = queue.take();
            jobs.sort_by_key(|job| job.ids.len());
            while !jobs.is_empty() {
                let lengths: Vec<usize> = jobs.iter().map(|job| job.ids.len()).collect();
                self.answer(jobs.drain(..rows_of_run(&lengths)).collect());
            }
        }
    }

    fn answer(&mut self, jobs: Vec<Job>) {
        let rows: Vec<&[u32]> = jobs.iter().map(|job| job.ids.as_slice()).collect();
        match self.run(&rows) {
            Ok(scores) => {
                for (job, scores) in jobs.into_iter().zip(scores) {
                    // Nobody waits for it if the client has gone.
                    let _ = job.answer.send(scores);
                }
            }
            Err(error) => eprintln!("A run failed: {error}"),
        }
    }

    fn run(&mut self, rows: &[&[u32]]) -> ort::Result<Vec<Scores>> {
        let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let mut ids = vec![0_i64; rows.len() * width];
        let mut mask = ids.clone();
        for (i, row) in rows.iter().enumerate() {
            let from = i * width;
            for (to, &id) in ids[from..].iter_mut().zip(*row) {
                *to = id.into();
            }
            mask[from..from + row.len()].fill(1);
        }
        let shape = [rows.len(), width];
        let outputs = self.0.run(inputs! {
            "input_ids" => TensorRef::from_array_view((shape, ids.as_slice()))?,
            "attention_mask" => TensorRef::from_array_view((shape, mask.as_slice()))?,
        })?;
        let (_, logits) = outputs["logits"].try_extract_tensor::<f32>()?;
        Ok(logits.chunks_exact(LABELS.len()).map(|row| softmax([row[0], row[1]])).collect())
    }
}

/// How many of these rows, shortest first, run together.
fn rows_of_run(lengths: &[usize]) -> usize {
    let fits = |&rows: &usize| {
        let (before, length) = (lengths[rows - 2], lengths[rows - 1]);
        rows * length <= MAX_RUN_TOKENS && (rows - 1) * (length - before) <= RUN_COST_TOKENS
    };
    (2..=lengths.len()).take_while(fits).last().unwrap_or(1)
}

fn softmax(logits: [f32; LABELS.len()]) -> Scores {
    let logits = logits.map(f64::from);
    let largest = logits[0].max(logits[1]);
    let exponents = logits.map(|logit| (logit - largest).exp());
    exponents.map(|exponent| exponent / (exponents[0] + exponents[1]))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::*;

    #[test]
    fn a_run_holds_rows_of_like_length() {
        assert_eq!(rows_of_run(&[10, 12, 13, 40]), 3);
    }

    #[test]
    fn a_run_is_not_too_large() {
        assert_eq!(rows_of_run(&[64; 9]), 4);
    }

    #[test]
    fn a_text_of_any_length_runs() {
        assert_eq!(rows_of_run(&[512]), 1);
    }

    #[test]
    fn scores_of_large_logits_are_numbers() {
        assert_eq!(softmax([1000.0, 1000.0]), [0.5, 0.5]);
    }
}
