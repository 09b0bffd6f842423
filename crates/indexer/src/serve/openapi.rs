//! The description of the API, from the tables and the handlers themselves.

use super::{
    ask::AsOf,
    page::{Item, Page},
    refusal::Refusal,
    shown::Shown,
};
use coreprover_store::{Column, Kind};
use std::{borrow::Cow, marker::PhantomData};
use utoipa::{
    OpenApi, PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{AllOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type},
    },
};

#[derive(OpenApi)]
#[openapi(
    components(schemas(Refusal)),
    info(
        title = "CoreProver indexer",
        description = "Orders, receipts, locks and routes of the CoreProver contracts, as their events tell them. Every \
                   answer says by `as_of` which block it saw, and every row by `final` whether it can still be taken \
                   back. Amounts are decimal strings in the token's smallest unit, times are seconds since 1970.",
        license(name = "MIT OR Apache-2.0")
    )
)]
pub(super) struct Description;

/// The numbers of the tables that are yes or no.
const FLAGS: &[&str] = &["simple", "dev", "delivery", "split", "closed"];

fn of(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(kind))
}

fn text() -> ObjectBuilder {
    of(Type::String)
}

fn maybe(kind: Type) -> SchemaType {
    SchemaType::from_iter([kind, Type::Null])
}

fn column(column: &Column) -> Schema {
    let schema = match column.kind {
        Kind::Number if FLAGS.contains(&column.name) => of(Type::Boolean),
        Kind::Number => of(Type::Integer).format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64))),
        Kind::Text => text(),
        Kind::Amount => text().pattern(Some("^[0-9]{1,78}$")),
        Kind::Bytes => text().pattern(Some("^0x([0-9a-fA-F]{40}|[0-9a-f]{64})$")),
    };
    let schema = schema.description(Some(column.about));
    if column.optional { schema.schema_type(maybe(Type::String)).into() } else { schema.into() }
}

fn row<R: Shown>() -> Schema {
    let columns = R::TABLE.columns.iter().map(|known| (known.name, column(known)));
    let names = R::NAMES.iter().map(|name| {
        let number = format!("The name of `{}`.", name.trim_end_matches("_name"));
        (*name, text().schema_type(maybe(Type::String)).description(Some(number)).into())
    });
    let is_final = of(Type::Boolean).description(Some("Whether nothing of the row can be taken back any more.")).into();
    columns
        .chain(names)
        .chain([("final", is_final)])
        .fold(ObjectBuilder::new().description(Some(R::TABLE.about)), |object, (name, schema)| {
            object.property(name, schema).required(name)
        })
        .into()
}

fn with_as_of(object: ObjectBuilder) -> RefOr<Schema> {
    RefOr::T(object.property("as_of", Ref::from_schema_name("AsOf")).required("as_of").into())
}

fn add_as_of(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push(("AsOf".into(), AsOf::schema()));
}

impl<R: Shown> PartialSchema for Page<R> {
    fn schema() -> RefOr<Schema> {
        let items = ArrayBuilder::new().items(Ref::from_schema_name(R::NAME)).description(Some("The rows."));
        let next =
            text().schema_type(maybe(Type::String)).description(Some("`after` of the next page, where there is one."));
        with_as_of(
            ObjectBuilder::new().property("items", items).required("items").property("next", next).required("next"),
        )
    }
}

impl<R: Shown> ToSchema for Page<R> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", R::NAME).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((R::NAME.into(), RefOr::T(row::<R>())));
        add_as_of(schemas);
    }
}

impl<R: Shown> PartialSchema for Item<R> {
    fn schema() -> RefOr<Schema> {
        with_as_of(ObjectBuilder::new().property("item", Ref::from_schema_name(R::NAME)).required("item"))
    }
}

impl<R: Shown> ToSchema for Item<R> {
    fn name() -> Cow<'static, str> {
        format!("{}Answer", R::NAME).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Page::<R>::schemas(schemas);
    }
}

/// An answer beside the head that it saw.
pub(super) struct AsOfAnd<T>(PhantomData<T>);

impl<T: ToSchema> PartialSchema for AsOfAnd<T> {
    fn schema() -> RefOr<Schema> {
        let head = ObjectBuilder::new().property("as_of", Ref::from_schema_name("AsOf")).required("as_of");
        RefOr::T(AllOfBuilder::new().item(head).item(Ref::from_schema_name(T::name())).into())
    }
}

impl<T: ToSchema> ToSchema for AsOfAnd<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Answer", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into(), T::schema()));
        T::schemas(schemas);
        add_as_of(schemas);
    }
}
