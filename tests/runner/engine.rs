//! The suites of others for the retry engine: a policy that is configured as theirs does what theirs does.
//! `tests/engine.mjs` does the same to the JavaScript API.

use reprieve::{
    Admission, Decision, Failure, Partition, Policy, Progress, Reason, Request, Response, Ticket, Transport,
    classify,
};
use serde_json::{Value, json};

use super::policies::policy;

pub const SUITES: [(&str, &str); 7] = [
    ("aws_standard_v2_1", include_str!("../suites/aws_standard_v2_1.json")),
    ("aws_standard_v2_0", include_str!("../suites/aws_standard_v2_0.json")),
    ("aws_backoff_sequences", include_str!("../suites/aws_backoff_sequences.json")),
    ("grpc_retry", include_str!("../suites/grpc_retry.json")),
    ("retry_budgets", include_str!("../suites/retry_budgets.json")),
    ("circuit_breaker", include_str!("../suites/circuit_breaker.json")),
    ("backoff_sequences", include_str!("../suites/backoff_sequences.json")),
];

/// What is wrong with a case.
pub fn check(suite: &str, case: &Value) -> Vec<String> {
    let policy = policy(suite, case);
    let kind = case["kind"].as_str().unwrap_or_default();
    match (suite, kind) {
        (_, "config") => loads(&policy, &case["expect_valid"]),
        (_, "invalid_config") => loads(&policy, &false.into()),
        (_, "backoff_bounds") => bounds(&policy, case, "min_s", "max_s", 1000.0),
        ("backoff_sequences", _) => bounds(&policy, case, "min_ms", "max_ms", 1.0),
        (_, "pushback") => pushback(Client::new(&policy), case),
        (_, "max_attempts") => attempts(Client::new(&policy), case),
        ("grpc_retry", _) => rpcs(Client::new(&policy), case),
        ("aws_backoff_sequences", _) => aws_retries(Client::new(&policy), case),
        ("retry_budgets", _) => budget(Client::new(&policy), case),
        ("circuit_breaker", _) => breaker(Client::new(&policy), case),
        _ => aws(Client::new(&policy), case),
    }
}

/// A partition and its policy on a clock, as a client uses them.
#[derive(Clone)]
struct Client {
    policy: Policy,
    partition: Partition,
    now_ms: u64,
    random: f64,
}

/// One call of a client.
#[derive(Default)]
struct Call {
    ticket: Ticket,
    sends: u32,
}

impl Call {
    /// Nobody asked before its first send.
    fn sent() -> Self {
        Self { sends: 1, ..Self::default() }
    }
}

impl Client {
    fn new(policy: &Value) -> Self {
        let policy =
            Policy::from_json(&policy.to_string()).unwrap_or_else(|error| panic!("{policy}: {error}"));
        Self { policy, partition: Partition::new(), now_ms: 1_000_000, random: 1.0 }
    }

    fn progress(&self, attempt: u32) -> Progress {
        Progress { attempt, elapsed_ms: 0, now_ms: self.now_ms, random: self.random }
    }

    fn admit(&mut self, call: &mut Call) -> bool {
        let progress = self.progress(call.sends + 1);
        let admitted = self.policy.admit(Request::get(), progress, &mut call.ticket, &mut self.partition);
        call.sends += 1;
        admitted == Admission::Send
    }

    fn fail(&mut self, call: &mut Call, failure: &Failure) -> Decision {
        let progress = self.progress(call.sends);
        self.policy.decide(failure, Request::get(), progress, &mut call.ticket, &mut self.partition)
    }

    fn succeed(&mut self, call: &mut Call) {
        let progress = self.progress(call.sends);
        self.policy.succeed(Request::get(), progress, &mut call.ticket, &mut self.partition);
    }

    /// How many tokens are left, found by asking with a copy: the largest cost that would still be paid.
    fn tokens(&self) -> f64 {
        let (mut least, mut most) = (0_u32, 1_000_000_000_u32);
        while least < most {
            let cost = least.midpoint(most) + 1;
            let mut probe = self.clone();
            let Some(budget) = &mut probe.policy.budget else { return f64::INFINITY };
            (budget.timeout_cost_milli, budget.floor_milli) = (Some(cost), 0);
            let asked = probe.fail(&mut Call::sent(), &Transport::Timeout.into());
            if matches!(asked, Decision::Retry { .. }) { least = cost } else { most = cost - 1 }
        }
        f64::from(least) / 1000.0
    }
}

fn response(status: u16, headers: &[(&str, &str)]) -> Failure {
    let url = "https://api.example/";
    classify(&Response { status, headers, url, body: &[], now_ms: 1_000_000 }).unwrap()
}

fn status(status: u16) -> Failure {
    response(status, &[])
}

fn differs(what: &str, found: &Value, expected: &Value) -> Option<String> {
    let same =
        found == expected || found.as_f64().zip(expected.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 1e-9);
    (!same).then(|| format!("{what} is {found}, expected {expected}"))
}

/// AWS standard mode, 2.0 and 2.1. `threads` are run as a scheduler might: what their tokens say is one such order.
fn aws(mut client: Client, case: &Value) -> Vec<String> {
    let given = &case["given"];
    if given["start_tokens"] == 0 {
        while matches!(client.fail(&mut Call::sent(), &status(500)), Decision::Retry { .. }) {}
    }
    let steps: Vec<(usize, &Value)> = match case["threads"].as_array() {
        Some(threads) => {
            // Both fail before either succeeds, and the second succeeds first.
            [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2)]
                .map(|(thread, step)| (thread, &threads[thread][step]))
                .to_vec()
        }
        None => case["responses"].as_array().unwrap().iter().map(|step| (0, step)).collect(),
    };
    let mut wrong = Vec::new();
    let mut calls = [Call::default(), Call::default()];
    for (index, (thread, step)) in steps.into_iter().enumerate() {
        let call = &mut calls[thread];
        for _ in 0..step["response"]["times"].as_u64().unwrap_or(1) {
            let (outcome, delay_ms) = aws_step(&mut client, call, &step["response"]);
            let expected = &step["expected"];
            let place = |name: &str| format!("step {} {name}", index + 1);
            if !expected["outcome"].is_null() {
                wrong.extend(differs(&place("outcome"), &outcome.into(), &expected["outcome"]));
            }
            if let Some(quota) = expected.get("retry_quota").filter(|_| step["response"]["times"].is_null()) {
                wrong.extend(differs(&place("quota"), &client.tokens().into(), quota));
            }
            match expected.get("delay") {
                Some(delay) => wrong.extend(differs(&place("delay"), &(delay_ms / 1000.0).into(), delay)),
                None if outcome != "retry_request" => {
                    wrong.extend(differs(&place("delay"), &delay_ms.into(), &0.0.into()));
                }
                None => {}
            }
        }
    }
    if let Some(quota) = case.get("expected_final_quota") {
        wrong.extend(differs("final quota", &client.tokens().into(), quota));
    }
    wrong
}

/// The outcome in their words, and the wait in milliseconds.
#[allow(clippy::cast_precision_loss)]
fn aws_step(client: &mut Client, call: &mut Call, given: &Value) -> (&'static str, f64) {
    client.admit(call);
    if given["status_code"] == 200 {
        client.succeed(call);
        *call = Call::default();
        return ("success", 0.0);
    }
    let mut failure = match given["status_code"].as_u64() {
        Some(status) => {
            let code = given["error_code"].as_str().unwrap_or_default();
            let after = given["headers"]["x-amz-retry-after"].as_str();
            let mut headers = vec![("x-amzn-errortype", code)];
            headers.extend(after.map(|after| ("x-amz-retry-after", after)));
            response(u16::try_from(status).unwrap(), &headers)
        }
        None => Transport::Timeout.into(),
    };
    if let Some(seconds) = given["retry_after_s"].as_u64() {
        failure.retry_after_ms = Some(seconds * 1000);
    }
    match client.fail(call, &failure) {
        Decision::Retry { delay_ms } => ("retry_request", delay_ms as f64),
        Decision::Stop { reason, delay_ms, .. } => {
            *call = Call::default();
            let outcome = match reason {
                Reason::AttemptsExhausted => "max_attempts_exceeded",
                Reason::BudgetExhausted => "retry_quota_exceeded",
                _ => "fail_request",
            };
            (outcome, delay_ms as f64)
        }
    }
}

/// Delay and cost of each retry, jitter off. Step 0 is no retry.
#[allow(clippy::cast_precision_loss)]
fn aws_retries(mut client: Client, case: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (index, step) in case["steps"].as_array().unwrap().iter().enumerate().skip(1) {
        let before = client.tokens();
        let failure = status(if step["error_type"] == "THROTTLING" { 429 } else { 500 });
        let mut call = Call { sends: u32::try_from(index).unwrap(), ..Call::default() };
        match client.fail(&mut call, &failure) {
            Decision::Retry { delay_ms } => {
                wrong.extend(differs("delay", &delay_ms.into(), &step["delay_ms"]));
                wrong.extend(differs("cost", &(before - client.tokens()).into(), &step["cost"]));
            }
            stop @ Decision::Stop { .. } => wrong.push(format!("step {index}: {stop:?}")),
        }
    }
    wrong
}

fn pushback(mut client: Client, case: &Value) -> Vec<String> {
    let headers: Vec<(&str, &str)> = case["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
        .collect();
    let decision = client.fail(&mut Call::sent(), &response(503, &headers));
    let found = match decision {
        Decision::Retry { delay_ms } => json!({ "retry": true, "delay_ms": delay_ms }),
        Decision::Stop { .. } => json!({ "retry": false, "delay_ms": null }),
    };
    differs("decision", &found, &case["expect"]).into_iter().collect()
}

/// What the service says is advice: it narrows, and never widens.
fn attempts(mut client: Client, case: &Value) -> Vec<String> {
    let mut failure = status(503);
    failure.advice.max_attempts = case["service_max_attempts"].as_u64().and_then(|most| most.try_into().ok());
    let mut call = Call::default();
    client.admit(&mut call);
    while matches!(client.fail(&mut call, &failure), Decision::Retry { .. }) {
        client.admit(&mut call);
    }
    differs("attempts", &call.sends.into(), &case["expect_attempts"]).into_iter().collect()
}

/// A server that answers by the number of the call, and RPCs that are made one after the other.
fn rpcs(mut client: Client, case: &Value) -> Vec<String> {
    let config = &case["config"];
    let server = &case["server"];
    let answer = |index: u64| match server["ok_calls"].as_array() {
        Some(fine) if fine.contains(&index.into()) => "OK",
        _ => server["calls"][index.to_string()].as_str().or(server["other"].as_str()).unwrap(),
    };
    let mut index = 0;
    let mut wrong = Vec::new();
    for (number, rpc) in case["rpcs"].as_array().unwrap().iter().enumerate() {
        let mut call = Call::default();
        let mut attempts = Vec::new();
        loop {
            client.admit(&mut call);
            let code = answer(index);
            index += 1;
            attempts.push(code);
            if code == "OK" {
                client.succeed(&mut call);
                break;
            }
            let mut failure = status(503);
            failure.transient = config["retryable"].as_array().unwrap().contains(&code.into());
            if matches!(client.fail(&mut call, &failure), Decision::Stop { .. }) {
                break;
            }
        }
        let place = |name: &str| format!("rpc {} {name}", number + 1);
        wrong.extend(differs(&place("final"), &json!(attempts.last()), &rpc["final"]));
        wrong.extend(differs(&place("call"), &(index - 1).into(), &rpc["server_call_index_after"]));
        if let Some(expected) = rpc.get("attempts") {
            wrong.extend(differs(&place("attempts"), &json!(attempts), expected));
        }
        if let Some(tokens) = rpc.get("tokens_after") {
            wrong.extend(differs(&place("tokens"), &client.tokens().into(), tokens));
        }
    }
    wrong
}

fn loads(policy: &Value, expected: &Value) -> Vec<String> {
    let loads = Policy::from_json(&policy.to_string()).is_ok();
    differs("valid", &loads.into(), expected).into_iter().collect()
}

/// Every draw lies within, and the draws reach both ends.
#[allow(clippy::cast_precision_loss)]
fn bounds(policy: &Value, case: &Value, least: &str, most: &str, unit_ms: f64) -> Vec<String> {
    let mut client = Client::new(policy);
    let mut call = Call { sends: u32::try_from(case["retry"].as_u64().unwrap()).unwrap(), ..Call::default() };
    let (mut low, mut high) = (f64::MAX, 0.0_f64);
    for step in 0..=100 {
        client.random = f64::from(step) / 100.0;
        match client.fail(&mut call, &status(503)) {
            Decision::Retry { delay_ms } => {
                let delay_ms = delay_ms as f64;
                (low, high) = (low.min(delay_ms), high.max(delay_ms));
            }
            stop @ Decision::Stop { .. } => return vec![format!("{stop:?}")],
        }
    }
    let [least, most] = [least, most].map(|name| case[name].as_f64().unwrap() * unit_ms);
    let within = low >= least - 1.0 && high <= most + 1e-9;
    let reaches = low <= least + 1.0 && high >= most - 1.0;
    if within && reaches {
        Vec::new()
    } else {
        vec![format!("waits {low} to {high}, expected {least} to {most}")]
    }
}

fn budget(mut client: Client, case: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let withdraw =
        |client: &mut Client| matches!(client.fail(&mut Call::sent(), &status(503)), Decision::Retry { .. });
    let count = |name: &str| case[name].as_u64().unwrap_or(0);
    match case["kind"].as_str().unwrap() {
        "deposit_then_try" => {
            let failure = status(503);
            let mut retries: u64 = 0;
            for _ in 0..count("requests") {
                let mut call = Call::default();
                client.admit(&mut call);
                retries += u64::from(matches!(client.fail(&mut call, &failure), Decision::Retry { .. }));
            }
            if retries.abs_diff(count("expect_retries")) > count("tolerance") {
                wrong.push(format!("{retries} retries, expected {}", case["expect_retries"]));
            }
        }
        "balance" => {
            for _ in 0..count("deposits") {
                client.admit(&mut Call::default());
            }
            wrong.extend(differs("balance", &client.tokens().into(), &case["expect_balance"]));
        }
        _ => {
            for step in case["steps"].as_array().unwrap() {
                match step[0].as_str().unwrap() {
                    "deposit" => assert!(client.admit(&mut Call::default())),
                    "advance_ms" => client.now_ms += step[1].as_u64().unwrap(),
                    "withdraw" => wrong.extend(differs("withdraw", &withdraw(&mut client).into(), &step[1])),
                    "throttled" => {
                        // Would a retry be refused that costs nothing itself?
                        let asked = client.fail(&mut Call::sent(), &status(429));
                        let refused = matches!(asked, Decision::Stop { .. });
                        wrong.extend(differs("throttled", &refused.into(), &step[1]));
                    }
                    "retry_failure" => {
                        withdraw(&mut client);
                    }
                    // A failure that is not retried counts as an answer there.
                    _ => client.succeed(&mut Call::sent()),
                }
            }
        }
    }
    wrong
}

fn breaker(mut client: Client, case: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    match case["kind"].as_str().unwrap() {
        "probe_dedup" => {
            let mut dead = [Call::default(), Call::default()];
            for call in &mut dead {
                client.admit(call);
                let _ = client.fail(call, &status(503));
            }
            client.now_ms += 1000;
            let (mut first, mut second) = (Call::default(), Call::default());
            let both = (client.admit(&mut first), client.admit(&mut second));
            client.succeed(&mut first);
            let then = client.admit(&mut second);
            if both != (true, false) || !then {
                wrong.push(format!("at once {both:?}, then {then}"));
            }
        }
        "count_window" => {
            for index in 0..9 {
                let kind = if index % 3 == 0 { "failure" } else { "success" };
                step(&mut client, &json!([kind, false]), &mut wrong);
            }
            // Of the last five sends the third failed: with two more that is three of five, with a success before them
            // it is two.
            assert_eq!(case["expect_samples_ok"], json!([true, false, true, true, true]));
            let scripts = [
                json!([["failure", false], ["failure", true]]),
                json!([["success"], ["failure", false], ["failure", false]]),
            ];
            for script in scripts {
                let mut client = client.clone();
                for given in script.as_array().unwrap() {
                    step(&mut client, given, &mut wrong);
                }
            }
        }
        _ => {
            for given in case["steps"].as_array().unwrap() {
                step(&mut client, given, &mut wrong);
            }
        }
    }
    wrong
}

/// One step of a script for a breaker. Whether it asks to open is asked of a copy that never opened.
fn step(client: &mut Client, given: &Value, wrong: &mut Vec<String>) {
    let is_open = |client: &Client| !client.clone().admit(&mut Call::default());
    match given[0].as_str().unwrap() {
        "repeat" => {
            for _ in 0..given[1].as_u64().unwrap() {
                for step_ in given[2].as_array().unwrap() {
                    step(client, step_, wrong);
                }
            }
        }
        "advance_ms" => client.now_ms += given[1].as_u64().unwrap(),
        "success" => client.succeed(&mut Call::sent()),
        "failure" => {
            let _ = client.fail(&mut Call::sent(), &status(503));
            wrong.extend(differs("open", &is_open(client).into(), &given[1]));
        }
        _ => {
            let mut call = Call::default();
            let sent = client.admit(&mut call);
            let expected = given[1].as_str().unwrap();
            wrong.extend(differs("sent", &sent.into(), &(expected != "short-circuited").into()));
            match expected {
                "fail" => {
                    let _ = client.fail(&mut call, &status(503));
                }
                "ok" => client.succeed(&mut call),
                _ => {}
            }
            let state = if is_open(client) { "open" } else { "closed" };
            wrong.extend(differs("state", &state.into(), &given[2]));
        }
    }
}
