//! Sends texts in a closed loop: each connection waits for its answer before it sends
//! again. Prints what a server did in a window of time, as JSON.

mod connection;
mod cpu;
mod report;
mod texts;

use std::{
    error::Error,
    fs,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use clap::Parser;

use connection::Connection;
use cpu::cpu_seconds;
use report::{Report, Sample, Window};
use texts::{Protocol, Texts};

#[derive(Parser)]
struct Options {
    /// Address of the server, as 127.0.0.1:8000
    #[arg(long)]
    address: String,
    #[arg(long, default_value = "/predict")]
    path: String,
    #[arg(long, default_value = "polarity")]
    protocol: Protocol,
    /// File of texts, one a line
    #[arg(long)]
    texts: PathBuf,
    /// Send the texts as they are, so that the server remembers them; else each is changed, and
    /// never sent twice
    #[arg(long)]
    remembered: bool,
    #[arg(long, default_value_t = 8)]
    connections: u64,
    #[arg(long, default_value_t = 1)]
    texts_per_request: usize,
    /// Milliseconds that a connection pauses between an answer and its next request
    #[arg(long, default_value_t = 0)]
    pause: u64,
    /// Seconds before the window that is measured
    #[arg(long, default_value_t = 1.0)]
    warm_up: f64,
    /// Seconds of the window
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Equal seeds make equal texts
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Process of the server, for its CPU time
    #[arg(long)]
    pid: Option<u32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let lines = fs::read_to_string(&options.texts)?;
    let texts = Texts::new(&lines, options.remembered)?;
    let stopped = AtomicBool::new(false);
    let (window, samples) = thread::scope(|scope| {
        let senders: Vec<_> = (0..options.connections)
            .map(|number| {
                let (options, texts, stopped) = (&options, &texts, &stopped);
                scope.spawn(move || send(options, texts, number, stopped))
            })
            .collect();
        let window = measure(&options);
        stopped.store(true, Ordering::Relaxed);
        let samples: Result<Vec<_>, _> =
            senders.into_iter().map(|sender| sender.join().expect("a sender panicked")).collect();
        (window, samples)
    });
    let report = Report::new(&window?, &samples?.concat(), options.texts_per_request);
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

/// One connection's requests until the end.
fn send(
    options: &Options,
    texts: &Texts,
    number: u64,
    stopped: &AtomicBool,
) -> Result<Vec<Sample>, String> {
    let failed = |error| format!("{}: {error}", options.address);
    let mut random = fastrand::Rng::with_seed(options.seed << 32 | number);
    let mut connection = Connection::open(&options.address).map_err(failed)?;
    let mut samples = Vec::new();
    while !stopped.load(Ordering::Relaxed) {
        let body = texts.body(options.protocol, options.texts_per_request, &mut random);
        let sent = Instant::now();
        let status = connection.post(&options.path, &body).map_err(failed)?;
        let answered = Instant::now();
        samples.push(Sample { sent, answered, status, bytes: body.len() });
        thread::sleep(Duration::from_millis(options.pause));
    }
    Ok(samples)
}

/// Waits for the window and until it has ended.
fn measure(options: &Options) -> Result<Window, Box<dyn Error>> {
    let cpu_of_server = || options.pid.map(|pid| cpu_seconds(&pid.to_string())).transpose();
    thread::sleep(Duration::from_secs_f64(options.warm_up));
    let (start, server, sender) = (Instant::now(), cpu_of_server()?, cpu_seconds("self")?);
    thread::sleep(Duration::from_secs_f64(options.seconds));
    let end = Instant::now();
    Ok(Window {
        start,
        end,
        server: cpu_of_server()?.zip(server).map(|(after, before)| after - before),
        sender: cpu_seconds("self")? - sender,
    })
}
