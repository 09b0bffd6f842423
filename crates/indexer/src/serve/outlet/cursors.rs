use coreprover_store::Cursor;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
};

/// Where outlets keep how far they came.
///
/// [`Self::save`] returns when the cursor stays through a loss of power. An older one that comes back after a crash only
/// repeats deliveries; one that was never saved would lose some, so nothing is saved before it was taken.
pub trait Cursors: Send + Sync + 'static {
    /// The cursor of a consumer on a chain, where it has one.
    ///
    /// # Errors
    /// When what was kept cannot be read: begin nowhere rather than at the wrong place.
    fn load(&self, consumer: &str, chain: u64) -> io::Result<Option<Cursor>>;

    /// Keeps a cursor in place of the one before.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn save(&self, consumer: &str, cursor: Cursor) -> io::Result<()>;
}

/// A file for each consumer and chain. It is written beside the old one, synced, and put in its place.
///
/// ```
/// use coreprover_indexer::serve::{Cursors, FileCursors};
/// use coreprover_store::Cursor;
///
/// let folder = std::env::temp_dir().join(format!("cursors-{}", std::process::id()));
/// let cursors = FileCursors::open(&folder)?;
/// assert_eq!(cursors.load("books", 8453)?, None);
/// let cursor = Cursor { entry: 12, ..Cursor::start(8453, 0) };
/// cursors.save("books", cursor)?;
/// assert_eq!(FileCursors::open(&folder)?.load("books", 8453)?, Some(cursor));
/// assert!(cursors.load("../books", 8453).is_err());
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileCursors {
    folder: PathBuf,
}

impl FileCursors {
    /// Keeps cursors in a folder, which is made where there is none.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    fn file(&self, consumer: &str, chain: u64) -> io::Result<PathBuf> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
        if consumer.is_empty() || consumer.len() > 64 || !consumer.bytes().all(plain) {
            let message = "a consumer's name is up to 64 of a to z, 0 to 9, - and _";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(self.folder.join(format!("{consumer}.{chain}.cursor")))
    }
}

impl Cursors for FileCursors {
    fn load(&self, consumer: &str, chain: u64) -> io::Result<Option<Cursor>> {
        let text = match fs::read_to_string(self.file(consumer, chain)?) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let cursor = text.trim_end().parse().ok().filter(|cursor: &Cursor| cursor.chain == chain);
        cursor.map(Some).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a file that holds no cursor"))
    }

    fn save(&self, consumer: &str, cursor: Cursor) -> io::Result<()> {
        let path = self.file(consumer, cursor.chain)?;
        let beside = path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(format!("{cursor}\n").as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        // the name is in the folder only when that is on the disk too
        File::open(&self.folder)?.sync_all()
    }
}
