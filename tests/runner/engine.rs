//! The suites of others for the retry engine: a policy that is configured as theirs does what theirs does.

use reprieve::{
    Admission, Decision, Failure, Partition, Policy, Progress, Reason, Request, Response, Ticket, Transport,
    Trip, classify,
};
use serde_json::{Value, json};

/// A partition and its policy on a clock, as a client uses them.
struct Client {
    policy: Policy,
    partition: Partition,
    now_ms: u64,
}

/// One call of a client.
#[derive(Default)]
struct Call {
    ticket: Ticket,
    sends: u32,
}

impl Client {
    fn new(policy: &Value) -> Self {
        let policy =
            Policy::from_json(&policy.to_string()).unwrap_or_else(|error| panic!("{policy}: {error}"));
        Self { policy, partition: Partition::new(), now_ms: 1_000_000 }
    }

    fn progress(&self, attempt: u32) -> Progress {
        Progress { attempt, elapsed_ms: 0, now_ms: self.now_ms, random: 1.0 }
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
            let mut probe = self.policy;
            let Some(budget) = &mut probe.budget else { return f64::INFINITY };
            (budget.cost_milli, budget.throttled_cost_milli, budget.timeout_cost_milli) = (cost, None, None);
            (budget.floor_milli, budget.charge_failures, probe.max_attempts) = (0, false, 100);
            let mut partition = self.partition.clone();
            let progress = self.progress(1);
            let asked =
                probe.decide(&status(503), Request::get(), progress, &mut Ticket::new(), &mut partition);
            if matches!(asked, Decision::Retry { .. }) { least = cost } else { most = cost - 1 }
        }
        f64::from(least) / 1000.0
    }
}

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
    let url = "https://api.example/";
    classify(&Response { status, headers, url, body: body.as_bytes(), now_ms: 1_000_000 }).unwrap()
}

fn status(status: u16) -> Failure {
    response(status, &[], "")
}

fn differs(what: &str, found: &Value, expected: &Value) -> Option<String> {
    let same =
        found == expected || found.as_f64().zip(expected.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 1e-9);
    (!same).then(|| format!("{what} is {found}, expected {expected}"))
}

/// AWS standard mode, 2.0 and 2.1. `threads` are run as a scheduler might: what their tokens say is one such order.
pub fn aws(case: &Value, is_2_1: bool) -> Vec<String> {
    let given = &case["given"];
    let or = |name: &str, default: f64| given[name].as_f64().unwrap_or(default);
    let ms = |seconds: f64| (seconds * 1000.0).round();
    let base = if given["service"] == "dynamodb" { 0.025 } else { 0.05 };
    let mut policy = json!({
        "preset": "aws_standard",
        "maxAttempts": given["max_attempts"].as_u64().unwrap_or(3),
        "backoff": {
            "baseMs": ms(base),
            "maxMs": ms(or("max_backoff_time", 20.0)),
            "jitter": "none",
        },
        "budget": {
            "tokens": or("initial_retry_tokens", 500.0),
            "linger": given["long_polling"] == true,
        },
    });
    if !is_2_1 {
        let base = ms(or("initial_backoff", 1.0));
        policy["backoff"]["baseMs"] = json!(base);
        policy["backoff"]["throttledBaseMs"] = json!(base);
        policy["retryAfter"] = json!({ "maxMs": policy["backoff"]["maxMs"] });
        policy["budget"]["cost"] = json!(5);
        policy["budget"]["throttledCost"] = json!(5);
        policy["budget"]["timeoutCost"] = json!(or("timeout_cost", 10.0));
    }
    let mut client = Client::new(&policy);
    if given["start_tokens"] == 0 {
        while matches!(
            client.fail(&mut Call { sends: 1, ..Call::default() }, &status(500)),
            Decision::Retry { .. }
        ) {}
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
    if let Some(attempt) = given["attempt"].as_u64() {
        calls[0].sends = u32::try_from(attempt).unwrap();
        client.policy.max_attempts = u32::MAX;
    }
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
            response(u16::try_from(status).unwrap(), &headers, "")
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
pub fn aws_backoff(case: &Value) -> Vec<String> {
    let mut policy = json!({ "preset": "aws_standard", "maxAttempts": 100, "backoff": { "jitter": "none" } });
    if case["spec"] != "v2.1" {
        policy["backoff"]["baseMs"] = json!(100);
        policy["backoff"]["throttledBaseMs"] = json!(500);
        policy["budget"] = json!({ "cost": 10 });
    }
    let mut client = Client::new(&policy);
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

pub fn grpc(case: &Value) -> Vec<String> {
    let config = &case["config"];
    match case["kind"].as_str().unwrap() {
        "throttle_sequence" | "retry_sequence" => grpc_sequence(case),
        "pushback" => {
            let headers: Vec<(&str, &str)> = case["headers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
                .collect();
            let mut client = Client::new(&json!({ "preset": "grpc" }));
            let decision =
                client.fail(&mut Call { sends: 1, ..Call::default() }, &response(503, &headers, ""));
            let found = match decision {
                Decision::Retry { delay_ms } => json!({ "retry": true, "delay_ms": delay_ms }),
                Decision::Stop { .. } => json!({ "retry": false, "delay_ms": null }),
            };
            differs("decision", &found, &case["expect"]).into_iter().collect()
        }
        "max_attempts" => {
            // What the service says is advice: it narrows, and never widens.
            let mut policy = json!({ "preset": "grpc", "budget": null });
            if let Some(limit) = case["client_max_attempts"].as_u64().filter(|limit| *limit > 0) {
                policy["maxAttempts"] = limit.into();
            }
            let mut failure = status(503);
            failure.advice.max_attempts =
                case["service_max_attempts"].as_u64().and_then(|most| most.try_into().ok());
            let mut client = Client::new(&policy);
            let mut call = Call::default();
            client.admit(&mut call);
            while matches!(client.fail(&mut call, &failure), Decision::Retry { .. }) {
                client.admit(&mut call);
            }
            differs("attempts", &call.sends.into(), &case["expect_attempts"]).into_iter().collect()
        }
        "config" => grpc_config(case),
        _ => {
            let seconds = |name: &str| (config[name].as_f64().unwrap() * 1000.0).round();
            let policy = json!({ "preset": "grpc", "backoff": {
                "baseMs": seconds("initialBackoff"),
                "maxMs": seconds("maxBackoff"),
                "multiplier": config["backoffMultiplier"],
            } });
            bounds(
                &policy,
                &case["retry"],
                case["min_s"].as_f64().unwrap() * 1000.0,
                case["max_s"].as_f64().unwrap() * 1000.0,
                true,
            )
        }
    }
}

/// A server that answers by the number of the call, and RPCs that are made one after the other.
fn grpc_sequence(case: &Value) -> Vec<String> {
    let config = &case["config"];
    let mut policy = json!({ "preset": "grpc", "maxAttempts": config["maxAttempts"], "budget": null });
    if let Some(most) = config["maxTokens"].as_f64() {
        policy["budget"] = json!({
            "tokens": most, "refill": config["tokenRatio"], "chargeFailures": true, "floor": most / 2.0, "cost": 1,
        });
    }
    let server = &case["server"];
    let answer = |index: u64| match server["ok_calls"].as_array() {
        Some(fine) if fine.contains(&index.into()) => "OK",
        _ => server["calls"][index.to_string()].as_str().or(server["other"].as_str()).unwrap(),
    };
    let mut client = Client::new(&policy);
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

/// gRPC's own format, put into ours: what of it a number of ours stands for must be refused where they refuse it.
/// Exceptions, because ours has no such member or no such limit: what is missing (ours has defaults), which codes are
/// retried (that is known from the failure), hedging (not built), `maxAttempts` of 1 (ours: no retry), 0 or more than 1000
/// tokens and a ratio of 0 (ours may).
fn grpc_config(case: &Value) -> Vec<String> {
    let name = case["name"].as_str().unwrap();
    let exceptions = [
        "omitted",
        "StatusCodes",
        "status code",
        "hedging",
        "a low maxAttempts",
        "a large maxTokens",
        "zero",
    ];
    if exceptions.iter().any(|exception| name.contains(exception)) {
        return Vec::new();
    }
    let config = &case["config"];
    let mut policy = json!({ "preset": "grpc" });
    for (theirs, part, ours) in [
        ("initialBackoff", "backoff", "baseMs"),
        ("maxBackoff", "backoff", "maxMs"),
        ("backoffMultiplier", "backoff", "multiplier"),
        ("maxTokens", "budget", "tokens"),
        ("tokenRatio", "budget", "refill"),
    ] {
        if let Some(value) = config.get(theirs) {
            policy[part][ours] =
                match value.as_str().and_then(|text| text.strip_suffix('s')?.parse::<u32>().ok()) {
                    Some(seconds) => (seconds * 1000).into(),
                    None => value.clone(),
                };
        }
    }
    let loads = Policy::from_json(&policy.to_string()).is_ok();
    differs("valid", &loads.into(), &case["expect_valid"]).into_iter().collect()
}

/// Every draw lies within, and the draws reach both ends where `tight`.
#[allow(clippy::cast_precision_loss)]
fn bounds(policy: &Value, retry: &Value, least: f64, most: f64, tight: bool) -> Vec<String> {
    let client = Client::new(policy);
    let attempt = u32::try_from(retry.as_u64().unwrap()).unwrap();
    let mut found = Vec::new();
    for step in 0..=100 {
        let mut policy = client.policy;
        (policy.max_attempts, policy.budget, policy.breaker, policy.gate) = (u32::MAX, None, None, None);
        let progress = Progress { random: f64::from(step) / 100.0, ..client.progress(attempt) };
        let decided =
            policy.decide(&status(503), Request::get(), progress, &mut Ticket::new(), &mut Partition::new());
        match decided {
            Decision::Retry { delay_ms } => found.push(delay_ms as f64),
            Decision::Stop { .. } => return vec![format!("{decided:?}")],
        }
    }
    let (low, high) =
        (found.iter().copied().fold(f64::MAX, f64::min), found.iter().copied().fold(0.0, f64::max));
    let within = low >= least - 1.0 && high <= most + 1e-9;
    let reaches = !tight || (low <= least + 1.0 && high >= most - 1.0);
    if within && reaches {
        Vec::new()
    } else {
        vec![format!("waits {low} to {high}, expected {least} to {most}")]
    }
}

/// The libraries, as policies.
pub fn backoff(case: &Value) -> Vec<String> {
    let name = case["name"].as_str().unwrap();
    let parameter = |default: f64| {
        name.split_once('(')
            .and_then(|(_, rest)| rest.trim_end_matches(')').parse::<f64>().ok())
            .unwrap_or(default)
    };
    let far = i32::MAX;
    let backoff = match case["lib"].as_str().unwrap() {
        "ky" => json!({ "baseMs": 300, "maxMs": far, "jitter": "none" }),
        "axios-retry" if name.starts_with("linear") => {
            json!({ "baseMs": parameter(100.0), "stepMs": parameter(100.0), "multiplier": 1, "maxMs": far, "jitter": "none" })
        }
        "axios-retry" => {
            json!({ "baseMs": 2.0 * parameter(100.0), "maxMs": far, "jitter": { "from": 1, "to": 1.2 } })
        }
        "tanstack-query" => json!({ "baseMs": 1000, "maxMs": 30000, "jitter": "none" }),
        "p-retry" if name.contains("randomize") => {
            json!({ "baseMs": 1000, "maxMs": far, "jitter": { "from": 1, "to": 2 } })
        }
        "p-retry" => json!({ "baseMs": 1000, "maxMs": far, "jitter": "none" }),
        "openai" => json!({ "baseMs": 500, "maxMs": 8000, "jitter": { "from": 0.75, "to": 1 } }),
        "stripe" => json!({ "baseMs": 500, "minMs": 500, "maxMs": 5000, "jitter": "equal" }),
        "azure" => json!({ "baseMs": 1000, "maxMs": 64000, "jitter": "equal" }),
        "got" => json!({ "baseMs": 1000, "maxMs": far, "jitter": { "from": 1, "to": 1, "plusMs": 100 } }),
        "undici" => json!({ "baseMs": 500, "maxMs": 30000, "jitter": "none" }),
        "smithy" if name.contains("v2.1 transient") => json!({ "baseMs": 50, "maxMs": 20000 }),
        "smithy" if name.contains("throttling") => json!({ "baseMs": 1000, "maxMs": 20000 }),
        "smithy" => json!({ "baseMs": 100, "maxMs": 20000 }),
        "cockatiel" if name.contains("noJitter") => {
            json!({ "baseMs": 128, "maxMs": 30000, "jitter": "none" })
        }
        "cockatiel" if name.contains("decorrelated") => json!({ "baseMs": 128, "maxMs": 900_000 }),
        "cockatiel" => json!({ "baseMs": 256, "maxMs": 30000 }),
        other => panic!("an unknown library: {other}"),
    };
    let policy = json!({ "backoff": backoff, "deadlineMs": null });
    let (least, most) = (case["min_ms"].as_f64().unwrap(), case["max_ms"].as_f64().unwrap());
    bounds(&policy, &case["retry"], least, most, true)
}

pub fn budget(case: &Value) -> Vec<String> {
    let kind = case["kind"].as_str().unwrap();
    if kind == "token_breaker" {
        return token_breaker(case);
    }
    // An exception: throttling by the share of accepted requests is not built; the breaker is there for that.
    if kind.starts_with("adaptive") {
        return Vec::new();
    }
    let ttl_ms = case["ttl_s"].as_f64().unwrap() * 1000.0;
    let reserve = case["min_per_s"].as_f64().unwrap() * ttl_ms / 1000.0;
    // Tokens have three decimals: what is finer is rounded.
    let ratio = (case["ratio"].as_f64().unwrap() * 1000.0).round() / 1000.0;
    let policy = json!({ "maxAttempts": 100, "breaker": null, "budget": {
        "tokens": reserve, "perCall": ratio, "refill": 0, "cost": 1, "windowMs": ttl_ms,
    } });
    if kind == "invalid_config" {
        let loads = Policy::from_json(&policy.to_string()).is_ok();
        return differs("valid", &loads.into(), &false.into()).into_iter().collect();
    }
    let mut client = Client::new(&policy);
    let mut wrong = Vec::new();
    let withdraw = |client: &mut Client| {
        let mut call = Call { sends: 1, ..Call::default() };
        matches!(client.fail(&mut call, &status(503)), Decision::Retry { .. })
    };
    let count = |name: &str| case[name].as_u64().unwrap_or(0);
    match kind {
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
                    _ => wrong.extend(differs("withdraw", &withdraw(&mut client).into(), &step[1])),
                }
            }
        }
    }
    wrong
}

/// A failure that is not retried counts as an answer there.
fn token_breaker(case: &Value) -> Vec<String> {
    let mut client = Client::new(&json!({ "preset": "grpc", "maxAttempts": 100, "budget": {
        "tokens": case["max_tokens"], "floor": case["min_tokens"], "cost": case["error_cost"], "refill": case["success_gain"],
    } }));
    let mut wrong = Vec::new();
    for (index, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        let mut call = Call { sends: 1, ..Call::default() };
        match step[0].as_str().unwrap() {
            "throttled" => {
                // Would a retry be refused that costs nothing itself?
                let mut ask = client.policy;
                ask.budget.as_mut().unwrap().cost_milli = 0;
                let progress = client.progress(1);
                let mut partition = client.partition.clone();
                let asked =
                    ask.decide(&status(503), Request::get(), progress, &mut call.ticket, &mut partition);
                let refused = matches!(asked, Decision::Stop { .. });
                wrong.extend(differs(&format!("step {index} throttled"), &refused.into(), &step[1]));
            }
            "retry_failure" => {
                let _ = client.fail(&mut call, &status(503));
            }
            _ => client.succeed(&mut call),
        }
    }
    wrong
}

pub fn breaker(case: &Value) -> Vec<String> {
    let mut breaker =
        json!({ "holdMs": 0, "spread": 0, "releaseMs": 0, "openMs": 1_000_000, "maxOpenMs": 1_000_000 });
    match case["kind"].as_str().unwrap() {
        "count" => {
            breaker["share"] = case["threshold"].clone();
            breaker["of"] = case["size"].clone();
            breaker["least"] = case["min_calls"].clone();
        }
        "sampling" => {
            // So many calls as the least rate makes in the time that is looked at.
            breaker["share"] = case["threshold"].clone();
            breaker["of"] = 128.into();
            breaker["least"] =
                (case["min_rps"].as_u64().unwrap() * case["duration_ms"].as_u64().unwrap() / 1000).into();
        }
        "count_window" => {
            breaker["share"] = 0.99.into();
            breaker["of"] = case["size"].clone();
            breaker["least"] = 100.into();
        }
        _ => breaker["failures"] = case["threshold"].clone(),
    }
    match &case["half_open_after_ms"] {
        Value::Array(times) => {
            (breaker["openMs"], breaker["maxOpenMs"]) = (times[0].clone(), times[times.len() - 1].clone());
        }
        Value::Number(time) => {
            (breaker["openMs"], breaker["maxOpenMs"]) = (time.clone().into(), time.clone().into());
        }
        _ => {}
    }
    if case["kind"] == "probe_dedup" {
        breaker["holdMs"] = 60_000.into();
    }
    let mut client = Client::new(&json!({ "budget": null, "breaker": breaker }));
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
            // One of the last five failed. With another success and a failure it is two of five, without a window four of
            // eleven; with two successes one of five, without a window four of twelve.
            let sample = |failed| json!([if failed { "failure" } else { "success" }, false]);
            for index in 0..9 {
                step(&mut client, &sample(index % 3 == 0), &mut wrong);
            }
            let remembered = case["expect_samples_ok"].as_array().unwrap();
            assert_eq!(remembered.iter().filter(|ok| **ok == false).count(), 1);
            for (successes, milli, opens) in [(1, 380, true), (2, 250, false)] {
                let mut asked = Client { partition: client.partition.clone(), ..client };
                for _ in 0..successes {
                    asked.succeed(&mut Call { sends: 1, ..Call::default() });
                }
                asked.policy.breaker.as_mut().unwrap().trip = Trip::Share { of: 5, least: 5, milli };
                step(&mut asked, &json!(["failure", opens]), &mut wrong);
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
    let is_open = |client: &Client| {
        let mut partition = client.partition.clone();
        let progress = client.progress(1);
        client.policy.admit(Request::get(), progress, &mut Ticket::new(), &mut partition) != Admission::Send
    };
    match given[0].as_str().unwrap() {
        "repeat" => {
            for _ in 0..given[1].as_u64().unwrap() {
                for step_ in given[2].as_array().unwrap() {
                    step(client, step_, wrong);
                }
            }
        }
        "advance_ms" => client.now_ms += given[1].as_u64().unwrap(),
        "success" => client.succeed(&mut Call { sends: 1, ..Call::default() }),
        "failure" => {
            let _ = client.fail(&mut Call { sends: 1, ..Call::default() }, &status(503));
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
