//! Repositories to look at: the sample, copies of it, generated ones and ones with a document of the test's own.

use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// The sample repository as it lies in the project.
pub(crate) fn sample() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/sample-sboms"))
}

/// A folder that goes away with its value.
#[derive(Debug)]
pub(crate) struct Folder {
    holder: TempDir,
    name: String,
}

impl Folder {
    /// An empty folder with a name of its own, so that screens are the same on every run.
    pub(crate) fn empty(name: &str) -> Self {
        let folder = Self { holder: tempfile::tempdir().unwrap(), name: name.to_owned() };
        fs::create_dir(folder.path()).unwrap();
        folder
    }

    /// A copy of the sample.
    pub(crate) fn copy_of_sample() -> Self {
        let folder = Self::empty("sample-sboms");
        copy(sample(), &folder.path());
        folder
    }

    /// Generated documents, one a model, if the generator is there; see `tests/truth.rs`.
    pub(crate) fn generated(models: &str) -> Option<Self> {
        let shared = env::var_os("DOWNRIVER_SHARED")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
        let script = shared.join("tools/gen_repo.py");
        let folder = Self { holder: tempfile::tempdir().unwrap(), name: "generated".to_owned() };
        let mut python = Command::new("python3");
        python.arg(&script).arg(folder.path()).args(["--models", models, "--deps-per-model", "6", "--format", "mixed"]);
        let made = script.is_file() && python.output().is_ok_and(|output| output.status.success());
        if !made {
            assert!(env::var_os("DOWNRIVER_REQUIRE_SHARED").is_none(), "no python3, or no {}", script.display());
            eprintln!("SKIPPED: no python3, or no {}", script.display());
            return None;
        }
        Some(folder)
    }

    /// Its place.
    pub(crate) fn path(&self) -> PathBuf {
        self.holder.path().join(&self.name)
    }

    /// Writes a document.
    pub(crate) fn write(&self, file: &str, document: &Value) {
        fs::write(self.path().join(file), document.to_string()).unwrap();
    }

    /// Writes the document of one model, which may have a base and a deployment.
    pub(crate) fn write_model(&self, file: &str, name: &str, base: Option<&str>, service: Option<&str>) {
        let mut model = json!({ "model_id": name, "created": "2026-02-08T10:00:00Z" });
        if let Some(base) = base {
            model["base_model"] = json!({ "name": base, "source": "internal" });
        }
        if let Some(service) = service {
            model["deployment"] = json!([{ "environment": "production", "service": service }]);
        }
        self.write(file, &json!({ "ml_sbom": model }));
    }

    /// Every file with its bytes.
    pub(crate) fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        contents(&self.path())
    }
}

/// Every file below a folder with its bytes.
pub(crate) fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            files.insert(path, bytes);
        }
    }
    files
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
