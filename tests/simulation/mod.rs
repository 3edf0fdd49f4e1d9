//! Many tabs and one server, on a simulated clock: what an outage becomes when every tab follows a policy.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use reprieve::{
    Admission, Decision, Failure, Partition, Policy, Progress, Request, Response, Ticket, Transport, classify,
};

const SECOND: u64 = 1_000_000;
/// Half of the round trip, in microseconds.
const HALF_TRIP: u64 = 20_000;
const EPOCH_MS: u64 = 1_700_000_000_000;
const WARM_UP: u64 = 15;
const AFTER: u64 = 60;

/// What is wrong with the server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// Connections are refused for so many seconds; then the capacity ramps from 30 to 100 % over 10 s.
    Outage(u64),
    /// A part of the capacity for so many seconds.
    BrownOut(u64, f64),
    /// A window of 10 s with a limit of 70 % of the offered load, 429 with `Retry-After`, for so many seconds.
    Limit(u64),
    /// 503 at random, for so many seconds.
    Random(u64, f64),
}

impl Fault {
    fn seconds(self) -> u64 {
        match self {
            Self::Outage(seconds)
            | Self::BrownOut(seconds, _)
            | Self::Limit(seconds)
            | Self::Random(seconds, _) => seconds,
        }
    }
}

/// What is varied.
#[derive(Clone, Copy, Debug)]
pub struct Storm {
    pub tabs: u32,
    /// Calls of a tab per second.
    pub rate: f64,
    pub fault: Fault,
    /// When a client gives a send up, in seconds.
    pub timeout_s: f64,
    /// Offered load over capacity.
    pub load: f64,
    /// How many seconds of healthy capacity the server's queue holds.
    pub queue_s: f64,
}

impl Storm {
    /// As in the model: 1000 calls a second in all.
    pub fn new(rate: f64, fault: Fault) -> Self {
        let timeout_s = if matches!(fault, Fault::BrownOut(..)) { 2.0 } else { 10.0 };
        Self { tabs: (1000.0 / rate) as u32, rate, fault, timeout_s, load: 0.7, queue_s: 3.0 }
    }
}

/// What came of it; means over all seeds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Sends per call during the fault.
    pub sends: f64,
    /// The worst second over the healthy load.
    pub peak: f64,
    /// Seconds until 99 % of the calls succeed again; 99: never.
    pub recovery_s: f64,
    /// Percent of the calls of the fault and the minute after it that succeed within 10 s.
    pub fine: f64,
    /// The same within 60 s.
    pub fine_60: f64,
    /// Percent of the offered load that succeeds during the fault.
    pub goodput: f64,
}

impl Figures {
    pub fn row(&self) -> String {
        format!(
            "sends {:.3}  peak {:.2}  recovery {:.1} s  fine {:.2} %  fine in 60 s {:.2} %  goodput {:.1} %",
            self.sends, self.peak, self.recovery_s, self.fine, self.fine_60, self.goodput
        )
    }
}

/// Runs a storm once per seed.
pub fn run(storm: Storm, policy: Policy, seeds: u64) -> Figures {
    let mut mean = Figures::default();
    let n = seeds as f64;
    for seed in 1..=seeds {
        let found = World::new(storm, policy, seed).run();
        mean.sends += found.sends / n;
        mean.peak += found.peak / n;
        mean.recovery_s += found.recovery_s / n;
        mean.fine += found.fine / n;
        mean.fine_60 += found.fine_60 / n;
        mean.goodput += found.goodput / n;
    }
    mean
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrive(u32),
    /// A call asks to be sent.
    Ask(u32, u32),
    /// A send reaches the server.
    Reach(u32, u32),
    Answer(u32, u32, Answer),
    /// The server is done with the first request of its queue.
    Served,
    GiveUp(u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    Fine,
    Refused,
    Unavailable,
    Limited(u64),
}

struct Call {
    tab: u32,
    began: u64,
    sends: u32,
    ticket: Ticket,
    /// Counts its states, so that an event of an earlier one is known.
    state: u32,
    ended: Option<u64>,
    fine: bool,
    /// Its failure, where it is about to be sent again.
    failed: bool,
}

#[derive(Default)]
struct Tab {
    partition: Partition,
    waiting: Vec<u32>,
}

struct World {
    storm: Storm,
    policy: Policy,
    random: Random,
    now: u64,
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    sequence: u64,
    tabs: Vec<Tab>,
    calls: Vec<Call>,
    server: Server,
    /// Every send: when.
    sends: Vec<u64>,
    failures: Failures,
}

struct Failures {
    network: Failure,
    timeout: Failure,
    unavailable: Failure,
    limited: Failure,
}

impl World {
    fn new(storm: Storm, policy: Policy, seed: u64) -> Self {
        let response =
            |status| Response { status, headers: &[], url: "https://api.example/", body: b"", now_ms: 0 };
        let failures = Failures {
            network: Transport::Network.into(),
            timeout: Transport::Timeout.into(),
            unavailable: classify(&response(503)).unwrap(),
            limited: classify(&response(429)).unwrap(),
        };
        let offered = f64::from(storm.tabs) * storm.rate;
        Self {
            storm,
            policy,
            random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            now: 0,
            events: BinaryHeap::new(),
            sequence: 0,
            tabs: (0..storm.tabs).map(|_| Tab::default()).collect(),
            calls: Vec::new(),
            server: Server::new(storm, offered),
            sends: Vec::new(),
            failures,
        }
    }

    fn run(mut self) -> Figures {
        let end = (WARM_UP + self.storm.fault.seconds() + AFTER) * SECOND;
        for tab in 0..self.storm.tabs {
            self.arrive_later(tab);
        }
        while let Some(Reverse((time, _, event))) = self.events.pop() {
            if time > end + 15 * SECOND {
                break;
            }
            self.now = time;
            match event {
                Event::Arrive(tab) if time < end => {
                    self.arrive(tab);
                    self.arrive_later(tab);
                }
                Event::Ask(call, state) if self.calls[call as usize].state == state => self.ask(call),
                Event::Reach(call, state) => self.reach(call, state),
                Event::Served => self.served(),
                Event::Answer(call, state, answer) if self.calls[call as usize].state == state => {
                    self.answer(call, Some(answer));
                }
                Event::GiveUp(call, state) if self.calls[call as usize].state == state => {
                    self.answer(call, None);
                }
                _ => {}
            }
        }
        self.figures()
    }

    fn later(&mut self, time: u64, event: Event) {
        self.sequence += 1;
        self.events.push(Reverse((time, self.sequence, event)));
    }

    fn arrive_later(&mut self, tab: u32) {
        let gap = self.random.exponential() / self.storm.rate;
        self.later(self.now + (gap * SECOND as f64) as u64, Event::Arrive(tab));
    }

    fn arrive(&mut self, tab: u32) {
        let call = u32::try_from(self.calls.len()).unwrap();
        self.calls.push(Call {
            tab,
            began: self.now,
            sends: 0,
            ticket: Ticket::new(),
            state: 0,
            ended: None,
            fine: false,
            failed: false,
        });
        self.ask(call);
    }

    fn progress(&mut self, attempt: u32, began: u64) -> Progress {
        Progress {
            attempt,
            elapsed_ms: (self.now - began) / 1000,
            now_ms: EPOCH_MS + self.now / 1000,
            random: self.random.uniform(),
        }
    }

    fn ask(&mut self, id: u32) {
        let (tab, sends, began) = {
            let call = &self.calls[id as usize];
            (call.tab as usize, call.sends, call.began)
        };
        let progress = self.progress(sends + 1, began);
        let call = &mut self.calls[id as usize];
        let tab = &mut self.tabs[tab];
        let answer = self.policy.admit(Request::get(), progress, &mut call.ticket, &mut tab.partition);
        call.state += 1;
        let state = call.state;
        let at = tab.waiting.iter().position(|waiting| *waiting == id);
        match answer {
            Admission::Wait { until_ms } => {
                if at.is_none() {
                    tab.waiting.push(id);
                }
                let until = (until_ms - EPOCH_MS) * 1000;
                assert!(until > self.now, "a wait that is over: {progress:?} {:?}", call.ticket);
                self.later(until, Event::Ask(id, state));
                return;
            }
            Admission::Send => {
                call.sends += 1;
                self.sends.push(self.now);
                self.later(self.now + HALF_TRIP, Event::Reach(id, state));
                let patience = (self.storm.timeout_s * SECOND as f64) as u64;
                self.later(self.now + patience, Event::GiveUp(id, state));
            }
            Admission::Stop { .. } => call.ended = Some(self.now),
        }
        if let Some(at) = at {
            self.tabs[self.calls[id as usize].tab as usize].waiting.remove(at);
        }
    }

    fn reach(&mut self, call: u32, state: u32) {
        let answer = self.server.receive(self.now, &mut self.random);
        match answer {
            Answer::Fine => {
                self.server.queue.push_back((call, state));
                if self.server.queue.len() == 1 {
                    let time = self.now + self.server.service(self.now);
                    self.later(time, Event::Served);
                }
            }
            Answer::Refused => self.later(self.now + HALF_TRIP, Event::Answer(call, state, answer)),
            _ => self.reply(call, state, answer),
        }
    }

    fn served(&mut self) {
        if let Some((call, state)) = self.server.queue.pop_front() {
            self.reply(call, state, Answer::Fine);
        }
        if !self.server.queue.is_empty() {
            let time = self.now + self.server.service(self.now);
            self.later(time, Event::Served);
        }
    }

    fn reply(&mut self, call: u32, state: u32, answer: Answer) {
        let latency = 60_000 + (self.random.exponential() * 20_000.0) as u64;
        self.later(self.now + latency + HALF_TRIP, Event::Answer(call, state, answer));
    }

    fn answer(&mut self, id: u32, answer: Option<Answer>) {
        let (tab, sends, began) = {
            let call = &self.calls[id as usize];
            (call.tab as usize, call.sends, call.began)
        };
        let progress = self.progress(sends, began);
        let call = &mut self.calls[id as usize];
        let tab = &mut self.tabs[tab];
        let before = tab.partition.clone();
        let failure = match answer {
            Some(Answer::Fine) => None,
            Some(Answer::Refused) => Some(&self.failures.network),
            Some(Answer::Unavailable) => Some(&self.failures.unavailable),
            Some(Answer::Limited(seconds)) => {
                self.failures.limited.retry_after_ms = Some(seconds * 1000);
                Some(&self.failures.limited)
            }
            None => Some(&self.failures.timeout),
        };
        call.state += 1;
        let state = call.state;
        let request = Request::get();
        if let Some(failure) = failure {
            call.failed = true;
            match self.policy.decide(failure, request, progress, &mut call.ticket, &mut tab.partition) {
                Decision::Retry { delay_ms } => self.later(self.now + delay_ms * 1000, Event::Ask(id, state)),
                Decision::Stop { .. } => call.ended = Some(self.now),
            }
        } else {
            self.policy.succeed(request, progress, &mut call.ticket, &mut tab.partition);
            call.ended = Some(self.now);
            call.fine = true;
        }
        let tab = self.calls[id as usize].tab as usize;
        if self.tabs[tab].partition != before {
            for waiting in self.tabs[tab].waiting.clone() {
                self.ask(waiting);
            }
        }
    }

    fn figures(&self) -> Figures {
        let begin = WARM_UP * SECOND;
        let over = begin + self.storm.fault.seconds() * SECOND;
        let end = over + AFTER * SECOND;
        let during = |time: &u64| *time >= begin && *time < over;
        let offered = self.calls.iter().filter(|call| during(&call.began)).count() as f64;
        let sends = self.sends.iter().filter(|time| during(time)).count() as f64;
        let mut seconds = vec![0.0; (end / SECOND) as usize + 20];
        for time in &self.sends {
            seconds[(time / SECOND) as usize] += 1.0;
        }
        let peak =
            seconds[(begin / SECOND) as usize..(end / SECOND) as usize].iter().copied().fold(0.0, f64::max);
        let healthy = f64::from(self.storm.tabs) * self.storm.rate;

        let limit = if matches!(self.storm.fault, Fault::Limit(_)) { 12 } else { 2 };
        let within = |call: &&Call, limit: u64| {
            call.fine && call.ended.is_some_and(|ended| ended - call.began <= limit * SECOND)
        };
        let mut good = vec![(0.0, 0.0); AFTER as usize + 1];
        for call in &self.calls {
            if call.began >= over && call.began < end {
                let second = &mut good[((call.began - over) / SECOND) as usize];
                second.0 += 1.0;
                second.1 += if within(&call, limit) { 1.0 } else { 0.0 };
            }
        }
        let recovered = |from: &usize| good[*from..*from + 5].iter().all(|(all, fine)| *fine >= 0.99 * all);
        let recovery = (0..AFTER as usize - 5).find(recovered).unwrap_or(99);

        let judged: Vec<&Call> =
            self.calls.iter().filter(|call| call.began >= begin && call.began < end).collect();
        let share = |limit| {
            100.0 * judged.iter().filter(|call| within(call, limit)).count() as f64 / judged.len() as f64
        };
        let succeeded = self.calls.iter().filter(|call| call.fine && call.ended.as_ref().is_some_and(during));
        Figures {
            sends: sends / offered,
            peak: peak / healthy,
            recovery_s: recovery as f64,
            fine: share(10),
            fine_60: share(60),
            goodput: 100.0 * succeeded.count() as f64 / offered,
        }
    }
}

/// One queue, served in order. It never notices that a client gave up.
struct Server {
    storm: Storm,
    /// Requests per second that it serves when healthy.
    capacity: f64,
    queue: VecDeque<(u32, u32)>,
    /// Refusals that it has yet to work off: each costs a twentieth of a served request.
    refused: u64,
    window: u64,
    admitted: f64,
}

impl Server {
    fn new(storm: Storm, offered: f64) -> Self {
        let capacity = offered / storm.load;
        Self { storm, capacity, queue: VecDeque::new(), refused: 0, window: 0, admitted: 0.0 }
    }

    fn fault(&self, now: u64) -> (bool, u64) {
        let begin = WARM_UP * SECOND;
        let over = begin + self.storm.fault.seconds() * SECOND;
        (now >= begin && now < over, now.saturating_sub(over))
    }

    /// How long it works on the next request.
    fn service(&mut self, now: u64) -> u64 {
        let speed = match (self.storm.fault, self.fault(now)) {
            (Fault::Outage(_), (false, since)) if since > 0 => {
                (0.3 + 0.07 * since as f64 / SECOND as f64).min(1.0)
            }
            (Fault::BrownOut(_, part), (true, _)) => part,
            _ => 1.0,
        };
        let work = 1.0 + 0.05 * std::mem::take(&mut self.refused) as f64;
        (work * SECOND as f64 / (self.capacity * speed)) as u64
    }

    /// `Fine` has yet to be served.
    fn receive(&mut self, now: u64, random: &mut Random) -> Answer {
        let (during, _) = self.fault(now);
        match self.storm.fault {
            Fault::Outage(_) if during => return Answer::Refused,
            Fault::Random(_, part) if during && random.uniform() < part => {
                self.refused += 1;
                return Answer::Unavailable;
            }
            Fault::Limit(_) if during => {
                let since = now - WARM_UP * SECOND;
                let window = 1 + since / (10 * SECOND);
                if self.window != window {
                    (self.window, self.admitted) = (window, 0.0);
                }
                self.admitted += 1.0;
                if self.admitted > 7.0 * self.capacity * self.storm.load {
                    self.refused += 1;
                    return Answer::Limited((window * 10 * SECOND - since).div_ceil(SECOND));
                }
            }
            _ => {}
        }
        if self.queue.len() as f64 >= self.storm.queue_s * self.capacity {
            self.refused += 1;
            return Answer::Unavailable;
        }
        Answer::Fine
    }
}

/// splitmix64
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.uniform()).ln()
    }
}

/// What a page sees whose calls all begin in an outage.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Sends per call while it lasts.
    pub sends: f64,
    pub fine: usize,
    pub median_s: f64,
    /// The most sends in 100 ms after it.
    pub burst: usize,
}

/// One page makes `calls` calls at once, and the server is down for so many milliseconds.
pub fn page(calls: usize, outage_ms: u64, policy: Policy, seed: u64) -> Page {
    let storm =
        Storm { tabs: 0, rate: 100_000.0, fault: Fault::Outage(0), timeout_s: 10.0, load: 0.1, queue_s: 3.0 };
    let mut world = World::new(storm, policy, seed);
    world.tabs.push(Tab::default());
    for _ in 0..calls {
        world.arrive(0);
    }
    while let Some(Reverse((time, _, event))) = world.events.pop() {
        world.now = time;
        match event {
            Event::Ask(call, state) if world.calls[call as usize].state == state => world.ask(call),
            Event::Reach(call, state) if time < outage_ms * 1000 => {
                world.later(time + HALF_TRIP, Event::Answer(call, state, Answer::Refused));
            }
            Event::Reach(call, state) => {
                world.later(time + HALF_TRIP + 80_000, Event::Answer(call, state, Answer::Fine));
            }
            Event::Answer(call, state, answer) if world.calls[call as usize].state == state => {
                world.answer(call, Some(answer));
            }
            Event::GiveUp(call, state) if world.calls[call as usize].state == state => {
                world.answer(call, None);
            }
            _ => {}
        }
    }
    let during = world.sends.iter().filter(|time| **time < outage_ms * 1000).count();
    let after: Vec<u64> = world.sends.iter().copied().filter(|time| *time >= outage_ms * 1000).collect();
    let burst = after
        .iter()
        .enumerate()
        .map(|(first, time)| after[first..].iter().take_while(|later| **later < time + 100_000).count())
        .max();
    let mut times: Vec<u64> =
        world.calls.iter().filter(|call| call.fine).filter_map(|call| call.ended).collect();
    times.sort_unstable();
    let median = if times.len() * 2 > calls { times[calls / 2] } else { u64::MAX };
    Page {
        sends: during as f64 / calls as f64,
        fine: times.len(),
        median_s: median as f64 / SECOND as f64,
        burst: burst.unwrap_or(0),
    }
}
