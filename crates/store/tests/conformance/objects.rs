//! Attachments are durable before they are named, whoever else writes, and a full disk leaves nothing half.

use std::path::{Path, PathBuf};
use std::process::Command;

use store::{ObjectDirectory, ObjectError};

/// Set for the process that runs inside a name space with a small disk; holds the disk's folder.
const SMALL_DISK: &str = "NOROSHI_TEST_SMALL_DISK";

#[tokio::test]
async fn the_same_content_put_at_once_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..1_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let mut tasks = Vec::new();
    for _ in 0..16 {
        // As from several servers on one directory.
        let objects = ObjectDirectory::open(folder.path()).await.unwrap();
        let content = content.clone();
        tasks.push(tokio::spawn(async move { objects.put(&content).await }));
    }
    let mut digests = Vec::new();
    for task in tasks {
        digests.push(task.await.unwrap().unwrap());
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
    let objects = ObjectDirectory::open(folder.path()).await.unwrap();
    assert_eq!(objects.get(digests[0]).await.unwrap(), content);
    assert_eq!(files(folder.path()).len(), 1);
}

#[tokio::test]
async fn what_a_crash_left_in_staging_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let objects = ObjectDirectory::open(folder.path()).await.unwrap();
    let digest = testkit::digest_of(b"log lines");
    for suffix in 0..3 {
        let left = folder.path().join(format!("staging/{digest}.{suffix}"));
        std::fs::write(left, b"log").unwrap();
    }
    assert_eq!(objects.put(b"log lines").await.unwrap(), digest);
    assert_eq!(objects.get(digest).await.unwrap(), b"log lines");
}

#[tokio::test]
async fn putting_content_over_an_altered_object_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let objects = ObjectDirectory::open(folder.path()).await.unwrap();
    objects.put(b"log lines").await.unwrap();
    std::fs::write(&files(folder.path())[0], b"log line!").unwrap();
    let refused = objects.put(b"log lines").await;
    assert!(matches!(refused, Err(ObjectError::Altered)), "{refused:?}");
}

#[tokio::test]
async fn a_directory_that_is_gone_is_not_called_a_missing_object() {
    let folder = tempfile::tempdir().unwrap();
    let objects = ObjectDirectory::open(&folder.path().join("objects"))
        .await
        .unwrap();
    std::fs::remove_dir_all(folder.path().join("objects")).unwrap();
    std::fs::write(folder.path().join("objects"), b"").unwrap();
    let refused = objects.put(b"log lines").await;
    assert!(
        matches!(refused, Err(ObjectError::Io { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let folder = tempfile::tempdir().unwrap();
    let objects = ObjectDirectory::open(folder.path()).await.unwrap();
    let digest = objects.put(b"").await.unwrap();
    assert_eq!(objects.get(digest).await.unwrap(), b"");
}

/// Runs itself again in a mount name space of its own, on a disk of 128 KiB.
#[tokio::test]
async fn a_full_disk_is_told_and_leaves_nothing_half() {
    if let Some(disk) = small_disk() {
        return fill(&disk).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size=128k none \"${SMALL_DISK}\" || exit 77; exec \"$0\" --exact {}",
        "objects::a_full_disk_is_told_and_leaves_nothing_half"
    );
    let run = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(SMALL_DISK, folder.path())
        .output();
    match run {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(text.contains("1 passed"), "{text}");
        }
        Ok(output) if output.status.code() == Some(101) => {
            panic!("{}", String::from_utf8_lossy(&output.stdout));
        }
        // No right to make a name space or a disk here.
        other => println!(
            "not run on a full disk: {:?}",
            other.map(|output| output.status)
        ),
    }
}

async fn fill(disk: &Path) {
    let objects = ObjectDirectory::open(disk).await.unwrap();
    let kept = objects.put(b"small").await.unwrap();
    let too_large = vec![7; 512 * 1024];
    let refused = objects.put(&too_large).await;
    assert!(matches!(refused, Err(ObjectError::Full(_))), "{refused:?}");
    let missing = objects.get(testkit::digest_of(&too_large)).await;
    assert!(matches!(missing, Err(ObjectError::Missing)), "{missing:?}");
    assert_eq!(files(disk).len(), 1, "nothing half stays behind");
    assert_eq!(objects.get(kept).await.unwrap(), b"small");
    // There is room again for what fits.
    let next = objects.put(&vec![8; 32 * 1024]).await.unwrap();
    assert_eq!(objects.get(next).await.unwrap().len(), 32 * 1024);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test tells its own second run where the small disk is"
)]
fn small_disk() -> Option<PathBuf> {
    std::env::var(SMALL_DISK).ok().map(PathBuf::from)
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
