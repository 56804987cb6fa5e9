extension ShapeChecker {
    /// A scalar after its references were replaced.
    struct Resolved {
        var text: String
        /// Whether its type is still open: unquoted, or wholly one reference.
        var isOpen: Bool
        var origin: Checked.Origin
        /// What a sentence may show: never a value from the environment or a file.
        var shown: String
    }

    func scalar(_ tree: Tree, _ shape: Shape, _ place: Place) -> Checked {
        let isText: Bool = if case .text = shape { true } else { false }
        let takesFile: Bool = if case .anyScalar = shape { true } else { isText }
        if takesFile, let reference = tree.fileReference { return file(reference, tree, shape, place) }
        guard case .scalar(let written, let isPlain) = tree.content else {
            return mismatch(tree, shape, place)
        }
        do throws(TextProblem) {
            let outcome = try interpolation.resolve(written)
            let resolved = Resolved(
                text: outcome.text, isOpen: isPlain || outcome.isWhole,
                origin: outcome.isReplaced ? .environment : .written, shown: written)
            if isPlain, !outcome.isReplaced, isText, PlainScalar.isTyped(written) {
                // What the form says is more helpful than that quotes are missing.
                if case .text(let format?) = shape { try format.check(written) }
                let kind = PlainScalar.flag(written) == nil ? "a number" : "a boolean"
                throw TextProblem("must be text, but `\(written)` is \(kind)", fix: "write `\"\(written)\"`")
            }
            let value = try convert(resolved, shape, place)
            return Checked(value: value, position: tree.position, origin: resolved.origin)
        } catch {
            return fail(tree, "`\(place.key)` \(error.message)", fix: error.fix)
        }
    }

    private func file(_ reference: Tree, _ tree: Tree, _ shape: Shape, _ place: Place) -> Checked {
        let path = scalar(
            reference, .text(.path), Place(key: "file", path: place.path, example: "secret.txt"))
        guard case .text(let path) = path.value else { return path }
        do throws(TextProblem) {
            let resolved = Resolved(
                text: try files.text(path), isOpen: true, origin: .file, shown: "{file: \(path)}")
            let value = try convert(resolved, shape, place)
            return Checked(value: value, position: tree.position, origin: .file)
        } catch {
            return fail(tree, "`\(place.key)` \(error.message)", fix: error.fix)
        }
    }

    private func convert(
        _ scalar: Resolved, _ shape: Shape, _ place: Place
    ) throws(TextProblem) -> Checked.Value {
        switch shape {
        case .text(let format):
            try concealing(scalar, shape, place) { () throws(TextProblem) in try format?.check(scalar.text) }
            return .text(scalar.text)
        case .anyScalar:
            guard !scalar.text.utf8.contains(0) else {
                throw TextProblem("holds a NUL character", fix: "remove it")
            }
            return .text(scalar.text)
        case .duration(let least):
            let value = try concealing(scalar, shape, place) { () throws(TextProblem) in
                try Amount.duration(scalar.text, from: least)
            }
            guard value >= least else {
                throw TextProblem("must be more than zero", fix: place.fix)
            }
            return .duration(value)
        case .size(let least):
            let value = try concealing(scalar, shape, place) { () throws(TextProblem) in
                try Amount.size(scalar.text, from: least)
            }
            guard value >= least else {
                let bound = least == 1 ? "more than zero" : "\(ByteCount(bytes: least)) at least"
                throw TextProblem("must be \(bound)", fix: place.fix)
            }
            return .whole(value)
        case .wholeNumber(let range): return .whole(try whole(scalar, range, shape, place))
        case .number(let low, let high):
            guard let value = PlainScalar.number(scalar.text), value > low, value <= high,
                scalar.isOpen || scalar.origin == .written
            else {
                throw wrong(scalar, shape, place)
            }
            guard scalar.isOpen else { throw quoted(scalar.text, shape, place) }
            return .number(value)
        case .flag: return .flag(try flag(scalar, shape, place))
        case .choice(let words):
            guard words.contains(scalar.text) else {
                var problem = wrong(scalar, shape, place)
                if scalar.origin == .written, let near = Similarity.nearest(to: scalar.text, among: words) {
                    problem.message += ": did you mean `\(near)`?"
                    problem.fix = "write `\(near)`"
                }
                throw problem
            }
            return .text(scalar.text)
        default: throw wrong(scalar, shape, place)
        }
    }

    private func flag(
        _ scalar: Resolved, _ shape: Shape, _ place: Place
    ) throws(TextProblem) -> Bool {
        if let value = PlainScalar.flag(scalar.text), scalar.isOpen || scalar.origin == .written {
            guard scalar.isOpen else { throw quoted("\(value)", shape, place) }
            return value
        }
        var problem = wrong(scalar, shape, place)
        let likely = ["yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"]
        let meant = likely[scalar.text.lowercased()] ?? scalar.text.lowercased()
        if PlainScalar.flag(meant) != nil { problem.fix = "write `\(place.key): \(meant)`" }
        throw problem
    }

    private func whole(
        _ scalar: Resolved, _ range: ClosedRange<Int>, _ shape: Shape, _ place: Place
    ) throws(TextProblem) -> Int {
        guard let value = PlainScalar.whole(scalar.text) else { throw wrong(scalar, shape, place) }
        guard scalar.isOpen else {
            throw quoted("\(value)", shape, place)
        }
        guard range.contains(value) else {
            var problem = wrong(scalar, shape, place)
            if range.count > 1 {
                problem.fix =
                    value < range.lowerBound
                    ? "write `\(range.lowerBound)` or more" : "write `\(range.upperBound)` or less"
            }
            throw problem
        }
        return value
    }

    private func quoted(_ value: String, _ shape: Shape, _ place: Place) -> TextProblem {
        TextProblem("must be \(shape.what), but quotes make it text", fix: "write `\(place.key): \(value)`")
    }

    private func wrong(_ scalar: Resolved, _ shape: Shape, _ place: Place) -> TextProblem {
        let written = scalar.shown.isEmpty ? "empty text" : "`\(scalar.shown)`"
        let found = scalar.origin == .written ? written : "what \(written) gives"
        let example = place.example.contains("${") ? shape.example : place.example
        return TextProblem(
            "must be \(shape.what), not \(found)",
            fix: scalar.origin == .written ? place.fix : "let it give something like `\(example)`")
    }

    /// A check whose sentence may quote the value: where that may be a secret, a general sentence instead.
    private func concealing<Result>(
        _ scalar: Resolved, _ shape: Shape, _ place: Place, _ body: () throws(TextProblem) -> Result
    ) throws(TextProblem) -> Result {
        do throws(TextProblem) {
            return try body()
        } catch {
            guard scalar.origin == .written else { throw wrong(scalar, shape, place) }
            throw error
        }
    }
}
