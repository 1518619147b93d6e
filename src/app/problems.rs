//! The Problems screen: what was not read, and what is doubtful in what was.

use crate::app::App;
use crate::app::Screen;
use crate::app::cursor::Cursor;
use crate::app::line::FilePlace;
use crate::app::snapshot::Snapshot;
use crate::graph::ids::ComponentId;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::finding::Severity;
use crate::model::kind::Kind;
use std::collections::HashMap;
use std::collections::HashSet;

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum By {
    #[default]
    Severity,
    Code,
    File,
}

impl By {
    /// The word in the title's rule.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Code => "code",
            Self::File => "file",
        }
    }
}

/// Findings that say the same of several documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Positions in the graph's findings, the first one leads.
    pub findings: Vec<usize>,
    /// In how many files.
    pub n_files: usize,
}

/// The screen.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    pub rows: Vec<Row>,
    pub cursor: Cursor,
    pub by: By,
    /// Files or documents that were not read.
    pub n_unread: usize,
    /// Other findings.
    pub n_findings: usize,
    /// Deployments that only an inventory knows.
    inventory_only: Vec<ComponentId>,
}

impl Problems {
    /// Makes the rows; the chosen finding stays chosen.
    pub(super) fn rebuild(&mut self, data: &Snapshot) {
        let all = data.graph.findings();
        self.n_unread = data.graph.n_unread();
        self.n_findings = all.iter().filter(|finding| !finding.is_unread()).count();
        let of_inventory = |id: &ComponentId| data.graph.deployment(*id).is_some_and(|info| info.inventory_only);
        self.inventory_only = data.graph.of_kind(Kind::Deployment).filter(of_inventory).collect();
        let chosen = self.finding(data).map(|finding| (finding.code, finding.message.clone()));
        let mut at: HashMap<(Code, &str), usize> = HashMap::new();
        self.rows.clear();
        for (position, finding) in all.iter().enumerate() {
            let row = *at.entry((finding.code, &finding.message)).or_insert_with(|| {
                self.rows.push(Row { findings: Vec::new(), n_files: 0 });
                self.rows.len() - 1
            });
            if let Some(row) = self.rows.get_mut(row) {
                row.findings.push(position);
            }
        }
        for row in &mut self.rows {
            let files: HashSet<&str> = row.findings.iter().filter_map(|at| all.get(*at)).map(|f| f.file.as_str()).collect();
            row.n_files = files.len();
        }
        let first = |row: &Row| row.findings.first().and_then(|at| all.get(*at));
        match self.by {
            By::Severity => {}
            By::Code => self.rows.sort_by_key(|row| first(row).map(|f| f.code)),
            By::File => self.rows.sort_by(|a, b| first(a).map(|f| (&f.file, f.place)).cmp(&first(b).map(|f| (&f.file, f.place)))),
        }
        let same = |row: &Row| first(row).map(|f| (f.code, f.message.clone())) == chosen;
        match self.rows.iter().position(same) {
            Some(row) => self.cursor.carry_to(row),
            None => self.cursor.row = self.cursor.row.min(self.rows.len().saturating_sub(1)),
        }
    }

    /// The leading finding of the row under the cursor.
    pub(crate) fn finding<'d>(&self, data: &'d Snapshot) -> Option<&'d Finding> {
        self.finding_at(data, self.cursor.row)
    }

    /// The leading finding of a row.
    pub(crate) fn finding_at<'d>(&self, data: &'d Snapshot, row: usize) -> Option<&'d Finding> {
        data.graph.findings().get(*self.rows.get(row)?.findings.first()?)
    }

    /// The text that a search looks at.
    pub(super) fn text_of_row(&self, data: &Snapshot, row: usize) -> String {
        let Some(finding) = self.finding_at(data, row) else { return String::new() };
        format!("{} {} {} {}", finding.code, finding.severity(), finding.address(), finding.message)
    }
}

/// What a finding costs the answers, in words; document texts in them are escaped.
pub(crate) fn costs(app: &App, problems: &Problems, finding: &Finding) -> String {
    let name = |id: &ComponentId| app.show.label(&app.data.graph, *id);
    match finding.severity() {
        Severity::Error => match &problems.inventory_only[..] {
            [] => "what has a hole may be in it and stays UNKNOWN".to_owned(),
            [one] => format!("{} (known from the inventory) stays UNKNOWN", name(one)),
            [one, rest @ ..] => format!("{} and {} more, known from the inventory, stay UNKNOWN", name(one), rest.len()),
        },
        Severity::High | Severity::Medium => "what hangs on it may be POSSIBLE or UNKNOWN where it could be settled".to_owned(),
        Severity::Low | Severity::Note => "no answer".to_owned(),
    }
}

impl App {
    pub(super) fn open_problems(&mut self) {
        let mut problems = Problems::default();
        problems.rebuild(&self.data);
        self.find = None;
        self.screen = Screen::Problems(problems);
    }

    pub(super) fn sort_problems(&mut self, forward: bool) {
        let data = std::sync::Arc::clone(&self.data);
        if let Screen::Problems(problems) = &mut self.screen {
            problems.by = match (problems.by, forward) {
                (By::Severity, true) | (By::File, false) => By::Code,
                (By::Code, true) | (By::Severity, false) => By::File,
                (By::File, true) | (By::Code, false) => By::Severity,
            };
            problems.rebuild(&data);
        }
    }

    /// The place of the finding under the cursor.
    pub(super) fn problem_place(&self) -> Option<FilePlace> {
        let Screen::Problems(problems) = &self.screen else { return None };
        let finding = problems.finding(&self.data)?;
        let line = finding.place.map_or(0, |place| place.line);
        (!finding.file.is_empty()).then(|| FilePlace { file: finding.file.clone(), line })
    }

    /// Goes to the component that the finding under the cursor is about.
    pub(super) fn go_to_problem(&mut self) {
        let Screen::Problems(problems) = &self.screen else { return };
        let component = problems.finding(&self.data).and_then(|finding| self.data.graph.by_id(finding.component.as_deref()?));
        match component {
            Some(component) => {
                self.remember_place();
                self.screen = Screen::Main;
                self.focus = crate::app::Focus::List;
                self.view = crate::app::View::Detail;
                self.go_to(component);
            }
            None => self.say("this is about a file, not about one component: o opens it"),
        }
    }
}
