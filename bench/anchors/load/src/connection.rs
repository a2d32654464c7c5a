use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that is kept open, for one request at a time.
pub struct Connection {
    stream: TcpStream,
    address: String,
    received: Vec<u8>,
}

impl Connection {
    pub fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, address: address.to_owned(), received: Vec::new() })
    }

    /// Sends a request and reads all of its answer; returns the status.
    pub fn post(&mut self, path: &str, body: &[u8]) -> io::Result<u16> {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            self.address,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request)?;

        self.received.clear();
        loop {
            let mut part = [0; 16_384];
            let count = self.stream.read(&mut part)?;
            if count == 0 {
                return Err(invalid("the server closed the connection"));
            }
            self.received.extend_from_slice(&part[..count]);
            if let Some(answer) = Answer::parse(&self.received)?
                && self.received.len() >= answer.length
            {
                return Ok(answer.status);
            }
        }
    }
}

#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    /// Bytes of head and body.
    length: usize,
}

impl Answer {
    /// Reads the head of an answer, if all of it is there.
    fn parse(received: &[u8]) -> io::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        let head = response.parse(received).map_err(|_| invalid("the answer is not HTTP"))?;
        let (httparse::Status::Complete(head), Some(status)) = (head, response.code) else {
            return Ok(None);
        };
        let length = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("content-length"))
            .and_then(|header| str::from_utf8(header.value).ok()?.parse::<usize>().ok())
            .ok_or_else(|| invalid("the answer has no content-length"))?;
        Ok(Some(Self { status, length: head + length }))
    }
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_status_and_a_length() {
        let received = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345";
        let answer = Answer::parse(received).unwrap();
        assert_eq!(answer, Some(Answer { status: 200, length: received.len() }));
    }

    #[test]
    fn half_a_head_is_no_answer_yet() {
        assert_eq!(Answer::parse(b"HTTP/1.1 200 OK\r\nConten").unwrap(), None);
    }

    #[test]
    fn an_answer_without_a_length_is_refused() {
        assert!(Answer::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
