//! A whole call with `reqwest`: ask, send, understand, decide, wait, send again.
//!
//! `cargo run --example reqwest --features http`
//!
//! It brings a server of its own, which drops a connection, answers 502, then 503 with `Retry-After: 1`, and then 200.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{fmt, io, mem, thread};

use reprieve::{
    Admission, Decision, Failure, Headers, Partition, Policy, Progress, Reason, Request, Response, Ticket,
    Transport, classify,
};
use tokio::time::sleep;

/// A client that understands failures. In your program the partition is one per origin, behind a lock, and lives as long as the client does.
struct Client {
    http: reqwest::Client,
    policy: Policy,
    partition: Partition,
}

/// Why a call failed.
#[derive(Debug)]
struct GivenUp {
    reason: Reason,
    failure: Option<Box<Failure>>,
}

impl Client {
    /// A GET, as often as the policy allows.
    async fn get(&mut self, url: &reqwest::Url) -> Result<Vec<u8>, GivenUp> {
        let request = Request { path: url.path(), ..Request::get() };
        let mut ticket = Ticket::new();
        let begun = Instant::now();
        let mut last = None;
        for attempt in 1.. {
            let progress = || Progress {
                attempt,
                elapsed_ms: milliseconds(begun.elapsed()),
                now_ms: now_ms(),
                random: random(),
            };

            loop {
                match self.policy.admit(request, progress(), &mut ticket, &mut self.partition) {
                    Admission::Send => break,
                    Admission::Wait { until_ms } => {
                        sleep(Duration::from_millis(until_ms.saturating_sub(now_ms()))).await;
                    }
                    Admission::Stop { reason, .. } => return Err(GivenUp { reason, failure: last }),
                }
            }

            let failure = match self.send(url).await {
                Ok(body) => {
                    self.policy.succeed(request, progress(), &mut ticket, &mut self.partition);
                    return Ok(body);
                }
                Err(failure) => failure,
            };
            let decision =
                self.policy.decide(&failure, request, progress(), &mut ticket, &mut self.partition);
            let status = failure.status.map_or("no response".to_owned(), |status| status.to_string());
            match decision {
                Decision::Retry { delay_ms } => {
                    println!("send {attempt}: {status}, {}: again in {delay_ms} ms", failure.kind.name());
                    sleep(Duration::from_millis(delay_ms)).await;
                    last = Some(failure);
                }
                Decision::Stop { reason, .. } => return Err(GivenUp { reason, failure: Some(failure) }),
            }
        }
        unreachable!("a policy stops before the numbers do")
    }

    /// One send: the body, or what its lack means.
    async fn send(&self, url: &reqwest::Url) -> Result<Vec<u8>, Box<Failure>> {
        let mut answer = self.http.get(url.clone()).send().await.map_err(|error| transport(&error))?;
        let status = answer.status();
        // Reading the body takes the answer.
        let map = mem::take(answer.headers_mut());
        let body = answer.bytes().await.map_err(|error| transport(&error))?;
        let headers = Headers::new(&map);
        let failure = classify(&Response {
            status: status.as_u16(),
            headers: &headers.pairs(),
            url: url.as_str(),
            body: &body,
            now_ms: now_ms(),
        });
        failure.map_or_else(|| Ok(body.to_vec()), |failure| Err(Box::new(failure)))
    }
}

/// No response, or not all of it.
fn transport(error: &reqwest::Error) -> Box<Failure> {
    Box::new(Failure::from(if error.is_timeout() { Transport::Timeout } else { Transport::Network }))
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, milliseconds)
}

/// Good enough to keep clients out of step, without a further crate.
fn random() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    let hash = RandomState::new().hash_one(0) >> 32;
    f64::from(u32::try_from(hash).unwrap_or(0)) / f64::from(u32::MAX)
}

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(failure) = &self.failure else { return f.write_str(self.reason.name()) };
        write!(f, "{}: {}.", failure.kind.name(), self.reason.name())?;
        failure.advice.steps.iter().try_for_each(|step| write!(f, " {}", step.text()))
    }
}

/// Gives one of the answers to each connection, and closes it. An empty one is no answer.
fn serve(answers: &'static [&'static str]) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || -> io::Result<()> {
        for answer in answers {
            let (stream, _) = listener.accept()?;
            let mut lines = BufReader::new(&stream).lines();
            while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
            (&stream).write_all(answer.as_bytes())?;
        }
        Ok(())
    });
    Ok(address)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = serve(&[
        "",
        "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n<html><title>502 Bad Gateway</title></html>",
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"spaces\":[]}",
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"code\":\"no_such_space\"}",
    ])?;
    let mut client = Client {
        http: reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?,
        policy: Policy::DEFAULT,
        partition: Partition::new(),
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let url = reqwest::Url::parse(&format!("http://{address}/spaces"))?;
        let body = client.get(&url).await.map_err(|given_up| given_up.to_string())?;
        println!("{}", String::from_utf8_lossy(&body));

        let missing = client.get(&url.join("/spaces/7")?).await.expect_err("a 404 is a failure");
        println!("{missing}");
        let failure = missing.failure.expect("it was sent");
        assert_eq!((missing.reason, failure.code.as_deref()), (Reason::NotTransient, Some("no_such_space")));
        Ok(())
    })
}
