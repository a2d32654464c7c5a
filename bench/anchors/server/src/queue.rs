use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex},
};

use tokio::sync::oneshot;

use crate::scores::Scores;

const MAX_WAITING: usize = 4096;
const MAX_TAKEN: usize = 32;

/// A text that waits for its scores.
pub struct Job {
    pub ids: Vec<u32>,
    pub answer: oneshot::Sender<Scores>,
}

#[derive(Debug)]
pub struct Full;

/// Texts in order of arrival.
#[derive(Default)]
pub struct Queue {
    waiting: Mutex<VecDeque<Job>>,
    arrived: Condvar,
}

impl Queue {
    /// Adds all jobs or none.
    pub fn add(&self, jobs: Vec<Job>) -> Result<(), Full> {
        if jobs.is_empty() {
            return Ok(());
        }
        let mut waiting = self.waiting.lock().expect("no thread panics while it holds the lock");
        if waiting.len() + jobs.len() > MAX_WAITING {
            return Err(Full);
        }
        waiting.extend(jobs);
        self.arrived.notify_all();
        Ok(())
    }

    /// Waits for jobs and takes half of them, so that another worker has as many.
    pub fn take(&self) -> Vec<Job> {
        let waiting = self.waiting.lock().expect("no thread panics while it holds the lock");
        let mut waiting = self
            .arrived
            .wait_while(waiting, |waiting| waiting.is_empty())
            .expect("no thread panics while it holds the lock");
        let count = waiting.len().div_ceil(2).min(MAX_TAKEN);
        waiting.drain(..count).collect()
    }
}
