extension ShapeChecker {
    /// A JSON Schema that is written in place, or the path of its file (JSON, or YAML by its name's ending).
    func schema(_ tree: Tree, _ place: Place) -> Checked {
        switch tree.content {
        case .list: return mismatch(tree, .schema, place)
        case .map:
            guard let json = json(tree, place) else {
                return Checked(value: .invalid, position: tree.position)
            }
            return Checked(
                value: .schema(json: json.rendered(indentation: nil), path: nil), position: tree.position)
        case .scalar:
            let path = scalar(tree, .text(.path), place)
            guard case .text(let path) = path.value else { return path }
            return document(at: path, tree, place)
        }
    }

    private func document(at path: String, _ tree: Tree, _ place: Place) -> Checked {
        do throws(TextProblem) {
            let text = try files.text(path)
            let json: String
            if path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
                let sibling = path.hasPrefix("/") ? path : PathText.sibling(path, of: manifestFile)
                guard let tree = YAMLDocument.parse(text, problems: problems, file: sibling),
                    let value = self.json(tree, place)
                else { return Checked(value: .invalid, position: tree.position) }
                json = value.rendered(indentation: nil)
            } else {
                if let fault = JSONSyntax.fault(in: text) {
                    throw TextProblem(
                        "names the file `\(path)`, which is not JSON: \(fault)", fix: "mend that file")
                }
                json = text
            }
            guard json.first(where: { !$0.isWhitespace }) == "{" else {
                throw TextProblem(
                    "names the file `\(path)`, which holds no JSON object", fix: "write a JSON Schema there")
            }
            return Checked(
                value: .schema(json: json, path: files.absolute(path)), position: tree.position)
        } catch {
            return fail(tree, "`\(place.key)` \(error.message)", fix: error.fix)
        }
    }

    /// The tree as JSON: unquoted scalars by YAML 1.2's core schema, references replaced.
    private func json(_ tree: Tree, _ place: Place) -> JSONText? {
        switch tree.content {
        case .list(let items):
            let values = items.map { json($0, place) }
            return values.contains { $0 == nil } ? nil : .array(values.compactMap { $0 })
        case .map(let pairs):
            var members: [(key: String, value: JSONText)] = []
            var isComplete = true
            for pair in pairs {
                if let value = json(pair.value, place) {
                    members.append((pair.key, value))
                } else {
                    isComplete = false
                }
            }
            return isComplete ? .object(members) : nil
        case .scalar(let written, let isPlain):
            do throws(TextProblem) {
                let outcome = try interpolation.resolve(written)
                guard isPlain else { return .text(outcome.text) }
                if tree.isNull { return .null }
                if let flag = PlainScalar.flag(outcome.text) { return .flag(flag) }
                return PlainScalar.isNumber(outcome.text) ? .literal(outcome.text) : .text(outcome.text)
            } catch {
                problems.error(tree.position, "`\(place.key)` \(error.message)", fix: error.fix)
                return nil
            }
        }
    }
}
