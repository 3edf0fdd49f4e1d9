// @ts-check

/** An API that there is not: the example of the README. */
export const ACME = `{
  "id": "acme",
  "name": "Acme",
  "match": [
    { "host": "api.acme.example" },
    { "body": { "/result": "=NOK", "/state": "string" } }
  ],
  "code": ["/state"],
  "kinds": {
    "unavailable": ["STOCKTAKING"],
    "payment_required": ["CREDIT_*"]
  },
  "retry_after": [{ "from": "/wait", "as": "duration" }],
  "examples": [
    {
      "name": "counting",
      "source": "https://acme.example/docs/errors",
      "status": 400,
      "host": "api.acme.example",
      "body": { "result": "NOK", "state": "STOCKTAKING", "text": "We are counting.", "wait": "1.5s" },
      "expect": { "kind": "unavailable", "code": "STOCKTAKING", "message": "We are counting.", "retryAfterMs": 1500, "transient": true }
    },
    {
      "name": "no credit, behind a proxy",
      "source": "https://acme.example/docs/errors",
      "status": 400,
      "body": { "result": "NOK", "state": "CREDIT_USED_UP", "text": "Please pay first." },
      "expect": { "kind": "payment_required", "code": "CREDIT_USED_UP", "transient": false }
    }
  ]
}
`;
