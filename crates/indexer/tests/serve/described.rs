//! The description of the API against the server.

use crate::world::{BUYER, CHAIN, World, address, word};
use serde_json::Value;

/// What a schema is, behind its reference.
fn behind<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    let Some(name) = schema["$ref"].as_str() else { return schema };
    let schema = &description["components"]["schemas"][name.strip_prefix("#/components/schemas/").unwrap()];
    assert!(schema.is_object(), "{name} is not described");
    schema
}

/// The members that a schema and its parts name.
fn members<'a>(description: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    let schema = behind(description, schema);
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| members(description, part));
    own.chain(parts).collect()
}

/// A value against a schema: types, members that must be there, and none that the description does not know.
fn check(description: &Value, schema: &Value, value: &Value, place: &str) {
    let known = members(description, schema);
    for name in value.as_object().into_iter().flatten().map(|(name, _)| name.as_str()) {
        assert!(known.is_empty() || known.contains(&name), "{place}: {name} is not described");
    }
    fits(description, schema, value, place);
}

fn fits(description: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = behind(description, schema);
    let parts = schema["allOf"].as_array();
    for part in parts.into_iter().flatten() {
        fits(description, part, value, place);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match &schema["type"] {
        Value::String(one) => assert_eq!(one, kind, "{place}: {value}"),
        Value::Array(several) => assert!(several.contains(&kind.into()), "{place}: {value}"),
        _ => assert!(parts.is_some(), "{place}: a schema without a type: {schema}"),
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{place}: {name} is missing");
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            check(description, schema, value, &format!("{place}.{name}"));
        }
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        check(description, &schema["items"], item, &format!("{place}[{at}]"));
    }
}

#[tokio::test]
async fn every_path_answers_as_it_is_described() {
    let mut world = World::new().await;
    world.fill().await;
    let (_, description) = world.get("/openapi.json").await;
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1."));
    let (buyer, of) = (format!("?buyer={}", address(BUYER)), |name: &str, number| format!("?{name}={}", word(number)));
    let questions = [
        ("/health", String::new()),
        ("/metrics", String::new()),
        ("/ready", String::new()),
        ("/v1/chains", String::new()),
        ("/v1/chains/{chain}/anchors", of("root", 99)),
        ("/v1/chains/{chain}/events", of("subject", 1)),
        ("/v1/chains/{chain}/feed", String::new()),
        ("/v1/chains/{chain}/locks", of("hashlock", 88)),
        ("/v1/chains/{chain}/locks/{id}", String::new()),
        ("/v1/chains/{chain}/orders", buyer.clone()),
        ("/v1/chains/{chain}/orders/{id}", String::new()),
        ("/v1/chains/{chain}/owed", format!("?party={}", address(BUYER))),
        ("/v1/chains/{chain}/receipts", buyer.clone()),
        ("/v1/chains/{chain}/receipts/{id}", String::new()),
        ("/v1/chains/{chain}/routes", buyer.clone()),
        ("/v1/chains/{chain}/routes/{id}", String::new()),
        ("/v1/chains/{chain}/stream", String::new()),
        ("/v1/chains/{chain}/verifiers", String::new()),
        ("/v1/chains/{chain}/ws", String::new()),
    ];
    let paths = description["paths"].as_object().unwrap();
    let mut described: Vec<_> = paths.keys().map(String::as_str).collect();
    described.sort_unstable();
    assert_eq!(described, questions.iter().map(|(path, _)| *path).collect::<Vec<_>>());
    let page = include_str!("../../../../docs/indexer-api.md");
    for path in &described {
        assert!(page.contains(&format!("`{path}`")), "{path} is not in docs/indexer-api.md");
    }
    // routes that are given to axum past the description
    assert_eq!(include_str!("../../src/serve/mod.rs").matches(".route(").count(), 1, "only /openapi.json is not in it");

    for (path, query) in questions {
        let answers = &paths[path]["get"]["responses"];
        if path.ends_with("/ws") {
            assert!(answers["101"].is_object());
            continue;
        }
        let url = format!(
            "{}{}{query}",
            world.url,
            path.replace("{chain}", &CHAIN.to_string()).replace("{id}", &word(1).to_string())
        );
        let response = world.client.get(url).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let kind = response.headers()["content-type"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let schema = &answers["200"]["content"][&kind]["schema"];
        assert!(schema.is_object(), "{path}: {kind} is not described");
        if kind != "application/json" {
            continue;
        }
        let answer: Value = response.text().await.unwrap().parse().unwrap();
        check(&description, schema, &answer, path);
        let rows = answer["items"].as_array().is_none_or(|items| !items.is_empty());
        assert!(rows, "{path} shows nothing");
        for parameter in paths[path]["get"]["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{path}: {parameter}");
        }
    }
    for (status, path) in [("404", "/v1/chains/1/feed"), ("400", "/v1/chains/31337/feed?limit=0")] {
        let (found, answer) = world.get(path).await;
        assert_eq!(found.to_string(), status);
        let schema =
            &paths["/v1/chains/{chain}/feed"]["get"]["responses"][status]["content"]["application/json"]["schema"];
        check(&description, schema, &answer, path);
    }
}

/// The text of a member: its own, or that of what it refers to.
fn says<'a>(description: &'a Value, schema: &'a Value) -> &'a str {
    schema["description"].as_str().or_else(|| behind(description, schema)["description"].as_str()).unwrap_or_default()
}

#[tokio::test]
async fn everything_is_explained() {
    let (_, description) = World::new().await.get("/openapi.json").await;
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{path}: {parameter}");
            }
            for (status, answer) in operation["responses"].as_object().unwrap() {
                assert!(answer["description"].is_string(), "{path}: {status}");
            }
        }
    }
    let mut members = 0;
    for (name, schema) in description["components"]["schemas"].as_object().unwrap() {
        let parts = schema["allOf"].as_array().into_iter().flatten().chain([schema]);
        for (member, schema) in parts.flat_map(|part| part["properties"].as_object().into_iter().flatten()) {
            assert!(!says(&description, schema).is_empty(), "{name}.{member}: {schema}");
            members += 1;
        }
    }
    assert!(members > 100, "only {members} members were found");
    let order = &description["components"]["schemas"]["Order"]["properties"];
    assert_eq!(order["commit_by"]["description"], "Last second of the seller's commitment.");
    assert_eq!(order["outcome_name"]["description"], "The name of `outcome`.");
}
