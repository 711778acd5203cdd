//! Warnings about conjunctions that can never hold.

use crate::{
    Op,
    ast::{Check, Expr, ExprKind, Right},
    error::{Span, Warning},
    filter::{Condition, Node},
};

/// Looks for a contradiction among the parts of an `and`.
pub(crate) fn check<F>(parts: &[Expr], nodes: &[Node<F>], span: Span, warnings: &mut Vec<Warning>) {
    for (i, right) in parts.iter().enumerate() {
        for (j, left) in parts[..i].iter().enumerate() {
            let reason = if negates(left, right) || negates(right, left) {
                "one is the negation of the other".to_owned()
            } else if let Some(reason) = two_values(left, &nodes[j], right, &nodes[i]) {
                reason
            } else if both_possible(&nodes[i], &nodes[j])
                && nodes[i]
                    .selection()
                    .and(nodes[j].selection())
                    .can_hold
                    .is_empty()
            {
                "no event type satisfies both".to_owned()
            } else {
                continue;
            };
            warnings.push(
                Warning::new(
                    right.span,
                    format!("`{}` and `{}` never hold together", left.node, right.node),
                )
                .note(reason),
            );
            return;
        }
    }
    let mut all = nodes.iter().map(Node::selection);
    let Some(first) = all.next() else { return };
    if nodes.iter().all(possible) && all.fold(first, |a, b| a.and(b)).can_hold.is_empty() {
        warnings.push(
            Warning::new(span, "these conditions never hold together")
                .note("no event type satisfies all of them"),
        );
    }
}

/// A part that is impossible alone has its own warning.
fn possible<F>(node: &Node<F>) -> bool {
    !node.selection().can_hold.is_empty()
}

fn both_possible<F>(a: &Node<F>, b: &Node<F>) -> bool {
    possible(a) && possible(b)
}

fn negates(negation: &Expr, expr: &Expr) -> bool {
    matches!(&negation.node, ExprKind::Not(inner) if **inner == *expr)
}

/// `f = a and f = b` on a field with one value.
fn two_values<F>(
    left: &Expr,
    left_node: &Node<F>,
    right: &Expr,
    right_node: &Node<F>,
) -> Option<String> {
    let (ExprKind::Check(a), ExprKind::Check(b)) = (&left.node, &right.node) else {
        return None;
    };
    let (Node::Check(a_node), Node::Check(b_node)) = (left_node, right_node) else {
        return None;
    };
    let distinct = a.left == b.left
        && single_value(a, a_node)
        && single_value(b, b_node)
        && a_node.constants() != b_node.constants();
    distinct.then(|| format!("`{}` has one value per event", a.left.node))
}

fn single_value<F>(check: &Check, condition: &Condition<F>) -> bool {
    check.op.node == Op::Eq && matches!(check.right, Right::Constant(_)) && condition.exclusive
}
