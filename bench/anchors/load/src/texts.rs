use std::{
    collections::{HashSet, hash_map::RandomState},
    hash::BuildHasher,
    sync::Mutex,
};

use clap::ValueEnum;
use fastrand::Rng;
use serde::Serialize;

/// Where texts come from: a list, as it is, or with one word of each replaced by a word of another.
pub struct Texts<'a> {
    list: Vec<&'a str>,
    /// Empty if the texts stay as they are.
    words: Vec<&'a str>,
    hasher: RandomState,
    /// Hashes of the changed texts that were sent.
    sent: Mutex<HashSet<u64>>,
}

/// Whose JSON a request is in.
#[derive(Clone, Copy, ValueEnum)]
pub enum Protocol {
    /// `POST /predict`
    Polarity,
    /// The inference protocol of `KServe` and Triton, version 2
    V2,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body {
    Polarity { text: Vec<String> },
    V2 { inputs: [Input; 1] },
}

#[derive(Serialize)]
struct Input {
    name: &'static str,
    datatype: &'static str,
    shape: [usize; 2],
    data: Vec<String>,
}

impl Body {
    fn new(protocol: Protocol, text: Vec<String>) -> Self {
        let shape = [text.len(), 1];
        match protocol {
            Protocol::Polarity => Self::Polarity { text },
            Protocol::V2 => {
                Self::V2 { inputs: [Input { name: "text", datatype: "BYTES", shape, data: text }] }
            }
        }
    }
}

impl<'a> Texts<'a> {
    /// `lines` has one text a line. Fails if there are none.
    pub fn new(lines: &'a str, remembered: bool) -> Result<Self, &'static str> {
        let list: Vec<_> = lines.lines().filter(|line| !line.is_empty()).collect();
        if list.is_empty() {
            return Err("there are no texts");
        }
        let words = if remembered { Vec::new() } else { words_of(&list) };
        Ok(Self { list, words, hasher: RandomState::new(), sent: Mutex::default() })
    }

    /// The JSON body of a request with this many texts.
    pub fn body(&self, protocol: Protocol, count: usize, random: &mut Rng) -> Vec<u8> {
        let first = random.usize(..self.list.len());
        let text = (first..first + count).map(|i| self.text(i % self.list.len(), random));
        let body = Body::new(protocol, text.collect());
        serde_json::to_vec(&body).expect("strings are JSON")
    }

    fn text(&self, index: usize, random: &mut Rng) -> String {
        if self.words.is_empty() {
            return self.list[index].to_owned();
        }
        let mut words: Vec<&str> = self.list[index].split(' ').collect();
        loop {
            let place = random.usize(..words.len());
            words[place] = self.words[random.usize(..self.words.len())];
            let text = words.join(" ");
            let hash = self.hasher.hash_one(&text);
            if self.sent.lock().expect("no thread panics while it holds the lock").insert(hash) {
                return text;
            }
        }
    }
}

/// Each word once, in order of appearance, so that equal seeds make equal texts.
fn words_of<'a>(texts: &[&'a str]) -> Vec<&'a str> {
    let mut known = HashSet::new();
    let words = texts.iter().flat_map(|text| text.split(' '));
    words.filter(|word| known.insert(*word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "It was good.\nIt was bad.\n";

    #[test]
    fn remembered_texts_stay_as_they_are() {
        let texts = Texts::new("It was good.\n", true).unwrap();
        assert_eq!(
            texts.body(Protocol::Polarity, 2, &mut Rng::with_seed(1)),
            br#"{"text":["It was good.","It was good."]}"#
        );
    }

    #[test]
    fn texts_are_one_input_of_protocol_v2() {
        let texts = Texts::new("It was good.\n", true).unwrap();
        assert_eq!(
            texts.body(Protocol::V2, 1, &mut Rng::with_seed(1)),
            br#"{"inputs":[{"name":"text","datatype":"BYTES","shape":[1,1],"data":["It was good."]}]}"#
        );
    }

    #[test]
    fn no_changed_text_is_sent_twice() {
        let texts = Texts::new(LINES, false).unwrap();
        let mut random = Rng::with_seed(1);
        let sent: HashSet<_> =
            (0..20).map(|_| texts.body(Protocol::Polarity, 1, &mut random)).collect();
        assert_eq!(sent.len(), 20);
    }

    #[test]
    fn equal_seeds_make_equal_texts() {
        let body = || {
            Texts::new(LINES, false).unwrap().body(Protocol::Polarity, 2, &mut Rng::with_seed(7))
        };
        assert_eq!(body(), body());
    }
}
