use super::Key;
use coreprover_store::{
    Record, Row, StoreError,
    table::{Anchor, Held, Lock, Order, Owed, Party, Receipt, Role, Route, Verifier},
};

macro_rules! any_row {
    ($($row:ident),+) => {
        /// A row of whichever table.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum AnyRow {
            $(
                #[doc = concat!("Of the table of [`", stringify!($row), "`].")]
                $row(Box<$row>),
            )+
        }

        impl AnyRow {
            /// Its columns.
            ///
            /// # Errors
            /// As [`Row::to_record`].
            pub fn record(&self) -> Result<Record, StoreError> {
                match self {
                    $(Self::$row(row) => row.to_record(),)+
                }
            }

            /// The row of a key from its columns.
            ///
            /// # Errors
            /// As [`Row::from_record`].
            pub fn from_record(key: &Key, record: Record) -> Result<Self, StoreError> {
                match key {
                    $(Key::$row(..) => $row::from_record(record).map(Self::from),)+
                }
            }
        }

        $(
            impl From<$row> for AnyRow {
                fn from(row: $row) -> Self {
                    Self::$row(Box::new(row))
                }
            }

            impl Folded for $row {
                fn of(row: AnyRow) -> Option<Self> {
                    match row {
                        AnyRow::$row(row) => Some(*row),
                        _ => None,
                    }
                }
            }
        )+
    };
}

/// A row type of a table that is folded.
pub(super) trait Folded: Sized {
    fn of(row: AnyRow) -> Option<Self>;
}

any_row!(Order, Party, Receipt, Lock, Verifier, Role, Route, Owed, Held, Anchor);

/// The row before, in its own type.
pub(super) fn take<R: Folded>(row: Option<AnyRow>) -> Option<R> {
    row.and_then(R::of)
}
