//! A minimal sentiment server over Polarity's graph, to measure Polarity against: no metrics, no
//! validation beyond JSON, no deadlines. It takes its settings from the environment: `MODEL`, a
//! folder with `tokenizer.json` and `onnx/model_quantized.onnx`, `WORKERS`, and
//! `ORT_DYLIB_PATH`, the onnxruntime to load. It prints its port once it is warm.

mod model;
mod queue;
mod scores;

use std::{env, error::Error, num::NonZero, sync::Arc, thread};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post, serve::ListenerExt};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use tokenizers::Tokenizer;
use tokio::{net::TcpListener, sync::oneshot};

use model::{Model, open_tokenizer};
use queue::{Job, Queue};
use scores::{LABELS, Scores};

const CACHED_TEXTS: u64 = 100_000;

struct Service {
    tokenizer: Tokenizer,
    queue: Queue,
    cache: Cache<String, Scores>,
}

#[derive(Deserialize)]
struct Body {
    text: Vec<String>,
}

#[derive(Serialize)]
struct Answer {
    predictions: Vec<[Prediction; LABELS.len()]>,
}

#[derive(Serialize)]
struct Prediction {
    label: &'static str,
    score: f64,
}

enum Found {
    Cached(Scores),
    Queued(String, oneshot::Receiver<Scores>),
}

async fn predict(
    State(service): State<Arc<Service>>,
    Json(body): Json<Body>,
) -> Result<Json<Answer>, StatusCode> {
    let mut jobs = Vec::new();
    let mut found = Vec::with_capacity(body.text.len());
    for text in body.text {
        found.push(if let Some(scores) = service.cache.get(&text) {
            Found::Cached(scores)
        } else {
            let encoded = service.tokenizer.encode_fast(text.as_str(), true);
            let encoded = encoded.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
            let (answer, scores) = oneshot::channel();
            jobs.push(Job { ids: encoded.get_ids().to_vec(), answer });
            Found::Queued(text, scores)
        });
    }
    service.queue.add(jobs).map_err(|_| StatusCode::TOO_MANY_REQUESTS)?;

    let mut predictions = Vec::with_capacity(found.len());
    for item in found {
        let scores = match item {
            Found::Cached(scores) => scores,
            Found::Queued(text, scores) => {
                // The sender is dropped where a run fails.
                let scores = scores.await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
                service.cache.insert(text, scores);
                scores
            }
        };
        predictions.push([0, 1].map(|i| Prediction { label: LABELS[i], score: scores[i] }));
    }
    Ok(Json(Answer { predictions }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = env::var("MODEL")?;
    let workers = match env::var("WORKERS") {
        Ok(number) => number.parse()?,
        Err(_) => thread::available_parallelism().map_or(1, NonZero::get),
    };
    let service = Arc::new(Service {
        tokenizer: open_tokenizer(&folder)?,
        queue: Queue::default(),
        cache: Cache::new(CACHED_TEXTS),
    });
    let onnxruntime = ort::init().build()?;
    for _ in 0..workers {
        let mut model = Model::open(&onnxruntime, &folder)?;
        let service = Arc::clone(&service);
        thread::spawn(move || model.work(&service.queue));
    }

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let listener = listener.tap_io(|stream| {
        // Not required: only small answers in several parts would be slower.
        let _ = stream.set_nodelay(true);
    });
    let app = Router::new().route("/predict", post(predict)).with_state(service);
    axum::serve(listener, app).await?;
    Ok(())
}
