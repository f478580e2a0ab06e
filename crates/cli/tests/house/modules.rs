//! The modules of a crate, and what their names stand for.

use std::collections::{BTreeMap, BTreeSet};

use crate::tokens::{Token, tokens};

/// Files by their path in the crate's `src`, with `/` between folders.
pub(crate) type Sources = BTreeMap<String, String>;

/// One module: a file, or a part of one in braces.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    /// What it defines itself.
    items: BTreeSet<String>,
    pub(crate) imports: Vec<Import>,
    /// Every path outside of imports, and every lone name.
    pub(crate) mentions: BTreeSet<Vec<String>>,
}

/// One name of a `use`.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    /// What it is called here; none for all names of a module.
    name: Option<String>,
    /// Whether others may take it from here.
    pub(crate) is_public: bool,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Module(usize),
    /// A name, and the module that defines it.
    Item(usize, String),
}

/// A crate: the first module is its root.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    pub(crate) modules: Vec<Module>,
}

impl Crate {
    /// Reads a crate from its root, such as `lib.rs`. Tests' code is none of it.
    pub(crate) fn read(sources: &Sources, root: &str) -> Self {
        let mut own = Self::default();
        own.file(sources, root, "", None);
        own
    }

    /// Reads a file whose modules are in `folder`; the module.
    fn file(
        &mut self,
        sources: &Sources,
        file: &str,
        folder: &str,
        parent: Option<usize>,
    ) -> usize {
        let module = self.add(file, parent);
        let tokens = tokens(sources.get(file).map_or("", String::as_str));
        self.body(sources, &tokens, module, folder);
        module
    }

    fn add(&mut self, file: &str, parent: Option<usize>) -> usize {
        self.modules.push(Module {
            file: file.into(),
            parent,
            ..Module::default()
        });
        self.modules.len() - 1
    }

    fn body(&mut self, sources: &Sources, body: &[Token], module: usize, folder: &str) {
        let (mut at, mut depth) = (0, 0_usize);
        let mut is_public = false;
        while at < body.len() {
            let (rest, was_public) = (&body[at..], std::mem::take(&mut is_public));
            at += match rest {
                [Token::Mark('#'), after @ ..] => {
                    let inner = usize::from(after.first() == Some(&Token::Mark('!')));
                    let length = group(&after[inner..]);
                    let attribute = &after[inner..inner + length];
                    match inner == 0 && is_of_tests(attribute) {
                        true => 1 + length + item(&after[length..]),
                        false => {
                            self.attribute(attribute, module);
                            1 + inner + length
                        }
                    }
                }
                [Token::Name(word), after @ ..] if word == "pub" => {
                    is_public = true;
                    1 + match after {
                        [Token::Mark('('), Token::Name(of), ..]
                            if ["crate", "super", "self", "in"].contains(&of.as_str()) =>
                        {
                            group(after)
                        }
                        _ => 0,
                    }
                }
                [Token::Name(word), after @ ..] if word == "use" => {
                    let length = after.iter().position(|t| *t == Token::Mark(';'));
                    let length = length.unwrap_or(after.len());
                    self.imports(&after[..length], was_public, module);
                    1 + length
                }
                [Token::Name(word), Token::Name(name), after @ ..] if word == "mod" => {
                    let below = format!("{folder}{name}/");
                    let (child, length) = match after.first() {
                        Some(Token::Mark('{')) => {
                            let length = group(after);
                            let child = self.add(&self.modules[module].file.clone(), Some(module));
                            self.body(sources, &after[1..length - 1], child, &below);
                            (child, length)
                        }
                        _ => {
                            let flat = format!("{folder}{name}.rs");
                            let file = match sources.contains_key(&flat) {
                                true => flat,
                                false => format!("{below}mod.rs"),
                            };
                            (self.file(sources, &file, &below, Some(module)), 0)
                        }
                    };
                    self.modules[module].children.insert(name.clone(), child);
                    2 + length
                }
                [Token::Name(word), Token::Name(name), ..] if depth == 0 && is_definition(word) => {
                    self.modules[module].items.insert(name.clone());
                    // The name may be a keyword that belongs to what follows: `const fn`.
                    1
                }
                [Token::Name(word), Token::Mark('!'), Token::Name(name), ..]
                    if word == "macro_rules" =>
                {
                    self.modules[module].items.insert(name.clone());
                    3
                }
                [Token::Mark('.'), Token::Name(_), ..] if !ends(&body[..at], '.') => 2,
                [Token::Of, Token::Name(_), ..] => 2,
                [Token::Name(_), ..] => {
                    let path = path(rest);
                    let length = 2 * path.len() - 1;
                    self.modules[module].mentions.insert(path);
                    length
                }
                [Token::Mark('{' | '(' | '['), ..] => {
                    depth += 1;
                    1
                }
                [Token::Mark('}' | ')' | ']'), ..] => {
                    depth = depth.saturating_sub(1);
                    1
                }
                _ => 1,
            };
        }
    }

    /// An attribute's paths, those in texts too: `with = "crate::bits"`.
    fn attribute(&mut self, attribute: &[Token], module: usize) {
        for (at, token) in attribute.iter().enumerate() {
            let own = match token {
                Token::Text(text) if text.starts_with("crate::") || text.starts_with("super::") => {
                    path(&tokens(text))
                }
                Token::Name(_) if at == 0 || attribute[at - 1] != Token::Of => {
                    path(&attribute[at..])
                }
                _ => continue,
            };
            self.modules[module].mentions.insert(own);
        }
    }

    fn imports(&mut self, tree: &[Token], is_public: bool, module: usize) {
        let mut pending = vec![(Vec::new(), tree)];
        while let Some((mut path, tree)) = pending.pop() {
            let mut add = |path: Vec<String>, name: Option<&String>| {
                let name = name.cloned();
                self.modules[module].imports.push(Import {
                    path,
                    name,
                    is_public,
                });
            };
            match tree {
                [Token::Mark('{'), ..] => {
                    let inside = &tree[1..group(tree) - 1];
                    pending.extend(parts(inside).into_iter().map(|part| (path.clone(), part)));
                }
                [Token::Mark('*'), ..] => add(path, None),
                [Token::Name(name), Token::Of, after @ ..] => {
                    path.push(name.clone());
                    pending.push((path, after));
                }
                [Token::Name(name), after @ ..] => {
                    if name != "self" || path.is_empty() {
                        path.push(name.clone());
                    }
                    let renamed = match after {
                        [Token::Name(_), Token::Name(renamed), ..] => Some(renamed.clone()),
                        _ => path.last().cloned(),
                    };
                    add(path, renamed.as_ref());
                }
                // A path from outside of all crates.
                _ => {}
            }
        }
    }

    /// Whether a module is another, or below it.
    pub(crate) fn is_within(&self, module: usize, other: usize) -> bool {
        let above = |module: &usize| self.modules[*module].parent;
        std::iter::successors(Some(module), above).any(|module| module == other)
    }

    /// Where a path of a module leads to, if that is in this crate.
    pub(crate) fn resolve(&self, module: usize, path: &[String]) -> Option<Found> {
        self.follow(module, path, 16)
    }

    fn follow(&self, module: usize, path: &[String], left: usize) -> Option<Found> {
        let left = left.checked_sub(1)?;
        let mut here = module;
        let mut is_inside = false;
        for (at, name) in path.iter().enumerate() {
            let is_last = at + 1 == path.len();
            here = match name.as_str() {
                "crate" => 0,
                "self" => here,
                "super" => self.modules[here].parent?,
                _ => match self.lookup(here, name, is_last, left) {
                    Some(Found::Module(next)) => next,
                    Some(item) => return Some(item),
                    // Made by a macro, if the way here was through this crate.
                    None if is_inside => return Some(Found::Item(here, name.clone())),
                    None => return None,
                },
            };
            is_inside = true;
        }
        Some(Found::Module(here))
    }

    fn lookup(&self, module: usize, name: &String, is_last: bool, left: usize) -> Option<Found> {
        let own = &self.modules[module];
        let child = own.children.get(name).map(|child| Found::Module(*child));
        if child.is_some() && !is_last {
            return child;
        }
        if own.items.contains(name) {
            return Some(Found::Item(module, name.clone()));
        }
        let by_name = own.imports.iter().filter(|i| i.name.as_ref() == Some(name));
        let found = by_name.filter_map(|import| self.follow(module, &import.path, left));
        // All names of another crate lead to nothing in this one.
        let is_own = |first: &String| {
            let is_named = || own.imports.iter().any(|i| i.name.as_ref() == Some(first));
            let is_beside = ["crate", "super", "self"].contains(&first.as_str());
            is_beside || own.children.contains_key(first) || is_named()
        };
        let globs = own.imports.iter().filter(|i| i.name.is_none());
        let globs = globs.filter(|glob| glob.path.first().is_some_and(is_own));
        let all = globs.filter_map(|glob| match self.follow(module, &glob.path, left)? {
            Found::Module(of) => self.lookup(of, name, is_last, left.checked_sub(1)?),
            Found::Item(..) => None,
        });
        found.chain(child).chain(all).next()
    }
}

/// The names of a path at the beginning of some tokens.
fn path(tokens: &[Token]) -> Vec<String> {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let [Token::Name(name), after @ ..] = rest {
        path.push(name.clone());
        rest = match after {
            [Token::Of, after @ ..] => after,
            _ => break,
        };
    }
    path
}

/// How many tokens a group has, from its opening bracket to its closing one.
pub(crate) fn group(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    let end = tokens.iter().position(|token| {
        match token {
            Token::Mark('{' | '(' | '[') => depth += 1,
            Token::Mark('}' | ')' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    end.map_or(tokens.len(), |end| end + 1)
}

/// How many tokens an item, a field or a statement has, its attributes with it.
pub(crate) fn item(tokens: &[Token]) -> usize {
    let mut at = 0;
    while tokens.get(at) == Some(&Token::Mark('#')) {
        at += 1 + group(&tokens[at + 1..]);
    }
    let words = [
        "pub", "use", "mod", "fn", "const", "static", "async", "unsafe", "extern", "impl",
        "struct", "enum", "trait", "type",
    ];
    let is_item = matches!(tokens.get(at), Some(Token::Name(w)) if words.contains(&w.as_str()));
    while at < tokens.len() {
        match &tokens[at] {
            Token::Mark(';') => return at + 1,
            Token::Mark(',') if !is_item => return at + 1,
            // The end of what it is in.
            Token::Mark('}' | ')' | ']') => return at,
            Token::Mark('{') => {
                at += group(&tokens[at..]);
                // `use a::{b, c};`
                return at + usize::from(tokens.get(at) == Some(&Token::Mark(';')));
            }
            Token::Mark('(' | '[') => at += group(&tokens[at..]),
            _ => at += 1,
        }
    }
    at
}

fn parts(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_usize;
    let all = tokens.split(|token| {
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') => depth -= 1,
            _ => {}
        }
        depth == 0 && *token == Token::Mark(',')
    });
    all.collect()
}

pub(crate) fn is_of_tests(attribute: &[Token]) -> bool {
    let names = attribute.iter().filter_map(|token| match token {
        Token::Name(name) => Some(name.as_str()),
        _ => None,
    });
    let names: Vec<&str> = names.collect();
    matches!(
        names.as_slice(),
        ["cfg", "test", ..] | ["cfg", "all", "test", ..]
    )
}

fn is_definition(word: &str) -> bool {
    let words = [
        "fn", "struct", "enum", "trait", "type", "const", "static", "union",
    ];
    words.contains(&word)
}

fn ends(tokens: &[Token], mark: char) -> bool {
    tokens.last() == Some(&Token::Mark(mark))
}
