/// Checks a tree against its shapes: unknown keys, types, ranges, forms, references. It goes on after each
/// problem; what is wrong becomes `.invalid`.
struct ShapeChecker {
    let problems: ProblemList
    let interpolation: Interpolation
    let files: ReferencedFiles
    let allowance: Allowance
    let manifestFile: String

    /// Where a value stands: the key for sentences, the way to it for the table of unsupported keys, and
    /// something that would fit.
    struct Place {
        var key: String
        var path: String
        var example: String
        /// One of a list.
        var isItem = false
        /// What to write here.
        var fix: String { isItem ? "write `\(example)`" : "write `\(key): \(example)`" }
        /// Inside `defaults` and `functions` null removes; elsewhere it is a slip.
        var nullRemoves: Bool { path.hasPrefix("function.") }
    }

    func check(_ tree: Tree, _ shape: Shape, _ place: Place) -> Checked {
        if case .later = shape { return Checked(value: .invalid, position: tree.position) }
        if tree.isNull, place.nullRemoves { return Checked(value: .null, position: tree.position) }
        if tree.isNull {
            return fail(
                tree, "`\(place.key)` has no value",
                fix: "write `\(place.key): \(place.example)`, or remove the key")
        }
        switch shape {
        case .either(let shapes):
            guard let fitting = self.shape(among: shapes, for: tree) else {
                return mismatch(tree, shape, place)
            }
            return check(tree, fitting, place)
        case .oneOrMore(let inner):
            // One value stays alone, so that a function's map merges with the one in `defaults`.
            guard tree.kind == .list else { return check(tree, inner, place) }
            return list(tree, inner, atLeast: 0, place)
        case .list(let inner, let count): return list(tree, inner, atLeast: count, place)
        case .record(let record): return self.record(tree, record, place)
        case .table(let format, let inner, let count): return table(tree, format, inner, count, place)
        case .schema: return schema(tree, place)
        default: return scalar(tree, shape, place)
        }
    }

    /// Of several scalar shapes the one for this text; nil where none is.
    private func shape(among shapes: [Shape], for tree: Tree) -> Shape? {
        let fitting = shapes.filter { $0.takes(tree.kind) }
        guard fitting.count > 1, case .scalar(let text, _) = tree.content,
            let outcome = try? interpolation.resolve(text)
        else { return fitting.first }
        return fitting.first { shape in
            switch shape {
            case .wholeNumber: PlainScalar.whole(outcome.text) != nil
            case .choice(let words): words.contains(outcome.text)
            default: true
            }
        }
    }

    private func list(_ tree: Tree, _ inner: Shape, atLeast count: Int, _ place: Place) -> Checked {
        guard case .list(let items) = tree.content else {
            // One value where a list is wanted is the most common slip: show it in brackets.
            guard case .scalar(let text, let isPlain) = tree.content, inner.takes(.scalar) else {
                return mismatch(tree, .list(inner, atLeast: count), place)
            }
            let isText: Bool = if case .text = inner { true } else { false }
            let isQuoted = !isPlain || (isText && PlainScalar.isTyped(text))
            let item = text.isEmpty ? "" : PlainScalar.inFlow(text, isQuoted: isQuoted)
            return fail(
                tree, "`\(place.key)` must be a list", fix: "write `\(place.key): [\(item)]`")
        }
        guard items.count >= count else {
            return fail(
                tree, "`\(place.key)` is an empty list", fix: place.fix)
        }
        var itemPlace = place
        itemPlace.example = Shape.inFlow(inner.example)
        itemPlace.isItem = true
        let checked = items.map { item in
            item.isNull
                ? fail(item, "`\(place.key)` holds an empty item", fix: "write a value, or remove the item")
                : check(item, inner, itemPlace)
        }
        return Checked(value: .list(checked), position: tree.position)
    }

    private func record(_ tree: Tree, _ record: Record, _ place: Place) -> Checked {
        guard case .map(let pairs) = tree.content else { return mismatch(tree, .record(record), place) }
        var map = CheckedMap()
        for pair in pairs {
            guard let field = record.field(pair.key) else {
                // What was probably meant counts as written, or it would be missed as well.
                if let meant = unknown(pair, record, place), !pairs.contains(where: { $0.key == meant }) {
                    let nothing = Checked(value: .invalid, position: pair.value.position)
                    map.entries.append(.init(key: meant, keyPosition: pair.keyPosition, value: nothing))
                }
                continue
            }
            let path = place.path.isEmpty ? field.name : place.path + "." + field.name
            let inner = Place(key: field.name, path: Self.path(path), example: field.example)
            // What is refused stays as if it were wrong, so that no rule complains that it is absent; what is in
            // it does not matter.
            var value = Checked(value: .invalid, position: pair.value.position)
            if allowance.refuses(inner.path) {
                problems.error(
                    pair.keyPosition, "`\(Self.shown(path))` is not supported yet", fix: "remove this line")
            } else {
                value = check(pair.value, field.shape, inner)
            }
            map.entries.append(.init(key: pair.key, keyPosition: pair.keyPosition, value: value))
        }
        return Checked(value: .map(map), position: tree.position)
    }

    /// `defaults` and each function have the same keys and one name in the tables.
    private static func path(_ path: String) -> String {
        path == "defaults" ? "function" : path
    }

    static func shown(_ path: String) -> String {
        path.hasPrefix("function.") ? String(path.dropFirst(9)) : path
    }

    private func table(
        _ tree: Tree, _ format: TextFormat, _ inner: Shape, _ count: Int, _ place: Place
    ) -> Checked {
        guard case .map(let pairs) = tree.content else {
            return mismatch(tree, .table(format, inner, atLeast: count), place)
        }
        guard pairs.count >= count else {
            return fail(
                tree, "`\(place.key)` is empty", fix: "write `\(place.key): \(place.example)`")
        }
        var map = CheckedMap()
        for pair in pairs {
            do throws(TextProblem) {
                try format.check(pair.key)
            } catch {
                problems.error(
                    pair.keyPosition, "the key `\(pair.key)` of `\(place.key)` \(error.message)",
                    fix: error.fix)
                continue
            }
            let path = place.path == "functions" ? "function" : place.path
            let value = check(
                pair.value, inner, Place(key: pair.key, path: path, example: inner.example))
            map.entries.append(.init(key: pair.key, keyPosition: pair.keyPosition, value: value))
        }
        return Checked(value: .map(map), position: tree.position)
    }

    func fail(_ tree: Tree, _ message: String, fix: String) -> Checked {
        problems.error(tree.position, message, fix: fix)
        return Checked(value: .invalid, position: tree.position)
    }

    func mismatch(_ tree: Tree, _ shape: Shape, _ place: Place) -> Checked {
        var what = shape.what
        let found: String
        switch tree.content {
        case .scalar(let text, _): found = text.isEmpty ? "empty text" : "`\(text)`"
        case .list: found = "a list"
        case .map: found = "a map"
        }
        if case .text = shape { what = "text" }
        return fail(tree, "`\(place.key)` must be \(what), not \(found)", fix: place.fix)
    }
}
