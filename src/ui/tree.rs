//! The Up and Down panes.

use crate::app::App;
use crate::app::Focus;
use crate::app::View;
use crate::app::group::Grouping;
use crate::app::layout::Area;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::tree::Again;
use crate::app::tree::Item;
use crate::app::tree::Node;
use crate::app::tree::Row;
use crate::app::tree::Tree;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::text;
use crate::ui::canvas::Canvas;
use crate::ui::canvas::Mark;
use crate::ui::list;

pub(super) fn draw(canvas: &mut Canvas<'_>, area: Area, view: View) {
    let app = canvas.app;
    let Some(tree) = app.tree(view) else { return };
    if tree.root.is_none() {
        canvas.plain(area.x + 1, area.y, area.width.saturating_sub(1), "nothing selected");
        return;
    }
    let focused = app.has_keys(Focus::View(view));
    let rows = tree.rows.iter().enumerate().skip(tree.cursor.top);
    for ((at, row), y) in rows.zip(area.y..area.y + area.height) {
        let mark = match (at == tree.cursor.row, focused) {
            (true, true) => Mark::Here,
            (true, false) | (false, _) => Mark::None,
        };
        canvas.row(area.x, y, area.width, mark, &line(app, tree, row, usize::from(area.width)));
    }
    if tree.rows.len() <= 1 {
        let root = tree.root.map(|root| nothing(app, tree, root)).unwrap_or_default();
        canvas.plain(area.x + 1, area.y + 1, area.width.saturating_sub(1), root);
    }
}

/// What an empty tree says.
fn nothing(app: &App, tree: &Tree, root: ComponentId) -> &'static str {
    let component = app.data.graph.component(root);
    match (tree.up, component.kind) {
        (false, _) => "nothing is made with it in what was read",
        (true, _) if app.data.graph.is_root(root) => "a declared root",
        (true, Kind::Model | Kind::Application | Kind::Deployment) => "nothing upstream is stated: a hole",
        (true, Kind::Dataset | Kind::Package | Kind::System | Kind::Code) => "nothing upstream is stated",
    }
}

fn line(app: &App, tree: &Tree, row: &Row, width: usize) -> Line {
    let Some(node) = tree.nodes.get(row.node) else { return Line::new() };
    let indent = " ".repeat(2 * usize::from(node.depth.saturating_sub(1)));
    let arrow = match (node.opens && node.again.is_none(), node.open) {
        (true, true) => "▾ ",
        (true, false) => "▸ ",
        (false, _) => "  ",
    };
    match &node.item {
        Item::Root(id) => root_line(app, *id),
        Item::Relations(words) => {
            let also = row.also.iter().filter_map(|at| tree.nodes.get(*at)).flat_map(|node| match &node.item {
                Item::Relations(words) => words.as_slice(),
                Item::Root(_)
                | Item::Group { .. }
                | Item::Family { .. }
                | Item::More(_)
                | Item::Part { .. }
                | Item::Note(_)
                | Item::Hub { .. }
                | Item::Heads(_) => &[],
            });
            let all: Vec<String> = words.iter().chain(also).map(|(word, n)| format!("{word} {}", text::thousands(*n))).collect();
            let start = format!("{indent}{arrow}");
            let room = width.saturating_sub(1 + text::width(&start));
            Line::of(start).plain(as_fits(&all, room))
        }
        Item::Group { label, n, reached } => {
            let reached = reached.map_or_else(|| "…".to_owned(), list::reached);
            Line::of(format!("{indent}{arrow}"))
                .plain(app.show.safe(label))
                .right(format!("{:>9}  {reached:>10}", text::thousands(*n)), Tone::Plain)
        }
        Item::Family { stem, n } => Line::of(format!("{indent}{arrow}"))
            .plain(app.show.safe(stem))
            .right(format!("{:>9}  {:>10}", text::thousands(*n), ""), Tone::Plain),
        Item::More(n) => Line::of(format!("{indent}  =  {} more like it   Enter opens", text::thousands(*n))),
        Item::Note(note) => Line::of(format!("{}{note}", " ".repeat(2 * usize::from(node.depth.saturating_sub(2)) + 5))),
        Item::Hub { n, by } => {
            let wait = if tree.waiting.is_some() { " …" } else { "" };
            Line::of(format!("{} children: grouped by {}  (b){wait}", text::thousands(*n), by.word()))
        }
        Item::Heads(by) => {
            let head = if *by == Grouping::Depth { "distance".to_owned() } else { by.word().to_owned() };
            Line::of(format!("  {}", head.to_uppercase())).right("CHILDREN     DEPLOYS", Tone::Plain)
        }
        Item::Part { link, component } => part_line(app, tree, node, *link, *component, &format!("{indent}{arrow}")),
    }
}

/// The words that fit, and `…` for the rest.
fn as_fits(words: &[String], room: usize) -> String {
    let whole = words.join("   ");
    if text::width(&whole) <= room {
        return whole;
    }
    let mut line = String::new();
    for word in words {
        if text::width(&line) + text::width(word) + 4 > room {
            break;
        }
        line.push_str(word);
        line.push_str("   ");
    }
    line.push('…');
    line
}

fn root_line(app: &App, id: ComponentId) -> Line {
    let graph = &app.data.graph;
    let component = graph.component(id);
    let owner = component.owner.map(|owner| format!("  {}", app.show.raw(graph.text(owner)))).unwrap_or_default();
    with_state(app, id, Line::new())
        .add(app.show.label(graph, id), Tone::Title)
        .right(format!("{}{owner}", kind_word(app, id)), Tone::Plain)
}

/// The kind; of packages the ecosystem.
fn kind_word(app: &App, id: ComponentId) -> String {
    let graph = &app.data.graph;
    let kind = graph.kind(id);
    let statements = if kind == Kind::Package { graph.statements_of(id) } else { &[] };
    let ecosystem = statements.iter().find_map(|statement| graph.statements().get(*statement).ecosystem);
    ecosystem.map_or_else(|| kind.word().to_owned(), |ecosystem| app.show.raw(graph.text(ecosystem)))
}

fn with_state(app: &App, id: ComponentId, line: Line) -> Line {
    match app.verdict.as_ref().map(|verdict| verdict.standing(id)) {
        Some(standing) if standing.symbol() != ' ' => line.add(format!("{} ", standing.symbol()), standing.tone()),
        Some(_) | None => line,
    }
}

fn part_line(app: &App, tree: &Tree, node: &Node, link: LinkId, id: ComponentId, start: &str) -> Line {
    let graph = &app.data.graph;
    let ends = graph.link(link);
    let line = Line::of(format!("{start}{} ", ends.evidence.mark()));
    let line = with_state(app, id, line).plain(app.show.label(graph, id));
    if let Some(again) = node.again {
        return line.right(if again == Again::Cycle { "cycle" } else { "^ shown above" }, Tone::Plain);
    }
    let standing = app.verdict.as_ref().map(|verdict| verdict.standing(id)).filter(|standing| standing.symbol() != ' ');
    if let Some(standing) = standing {
        return line.right(standing.word(), standing.tone());
    }
    line.right(right_words(app, tree, link, id), Tone::Plain)
}

/// Up: how it was made, or what it is; a weak link says why. Down: the deployments downstream of it.
fn right_words(app: &App, tree: &Tree, link: LinkId, id: ComponentId) -> String {
    let graph = &app.data.graph;
    let ends = graph.link(link);
    if !tree.up {
        return app.data.deploys.as_ref().map_or_else(|| "…".to_owned(), |deploys| list::reached(deploys.of(id)));
    }
    if ends.evidence.is_weak() {
        let word = if ends.evidence == crate::model::kind::Evidence::Name { "name only" } else { "digests differ" };
        let version = graph.component(id).version.is_none() && ends.evidence == crate::model::kind::Evidence::Name;
        return if version { format!("{word}, no version") } else { word.to_owned() };
    }
    let derived = graph.up(id).filter(|link| graph.link(*link).relation == Relation::Derived).count();
    match (graph.method(link), graph.kind(id)) {
        (Some(method), _) => app.show.raw(graph.text(method)),
        (None, Kind::Dataset) if derived > 0 => format!("derived {derived}"),
        (None, _) => kind_word(app, id),
    }
}
