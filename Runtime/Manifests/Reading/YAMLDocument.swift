import Yams

/// One YAML document as a tree, with everything refused that could make a small file large or ambiguous.
struct YAMLDocument {
    /// Aliases are replaced by what they name, so a few lines can mean billions of values.
    private static let mostValues = 100_000
    private static let deepest = 64

    private let problems: ProblemList
    private let file: String?
    /// Keys that stood twice and were renamed so that the parser goes on: their own names, by place.
    private var renamed: [Position: String] = [:]
    private var values = 0
    /// The top-level key that is being read.
    private var outermost = Position.start

    /// The document's tree; nil after saying why not. `file`: another name for the problems than the manifest's.
    static func parse(_ text: String, problems: ProblemList, file: String? = nil) -> Tree? {
        var document = YAMLDocument(problems: problems, file: file)
        guard document.keysArePlain(text) else { return nil }
        switch document.compose(text) {
        case .failed: return nil
        case .empty:
            document.error(
                .start, "there is nothing in this file but comments", fix: "write keys and their values")
            return nil
        case .node(let node): return document.tree(node, depth: 0)
        }
    }

    private init(problems: ProblemList, file: String?) {
        self.problems = problems
        self.file = file
    }

    private func error(_ position: Position, _ message: String, fix: String) {
        problems.error(position, message, fix: fix, file: file)
    }

    /// The parser hashes keys whole: one that is an alias to a list of aliases would take for ever. So in a
    /// text with aliases a key that could be one is refused by its looks, before anything is parsed.
    private func keysArePlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "&")), bytes.contains(UInt8(ascii: "*")) else { return true }
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard let column = YAMLKeys.firstThatIsNotPlain(line) else { continue }
            error(
                Position(line: number + 1, column: column),
                "a list, a map or an alias cannot be a key",
                fix: "write the key as plain text")
            return false
        }
        return true
    }

    private enum Composed {
        case node(Node)
        case empty
        case failed
    }

    /// Without the parser's own types for plain scalars: `PlainScalar` decides, by YAML 1.2.
    private mutating func compose(_ original: String) -> Composed {
        var text = original
        // The parser stops at the first doubled key: rename it and go on, so that all problems come at once.
        for _ in 0..<64 {
            do {
                return try Parser(yaml: text, resolver: .basic).singleRoot().map { .node($0) } ?? .empty
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let place = Position(line: context.mark.line, column: context.mark.column)
                let mark = Unicode.Scalar(0xE000 + UInt32(renamed.count)) ?? "\u{E000}"
                guard let next = YAMLKeys.replacing(keyAt: place, in: text, by: mark) else {
                    let name = names.first ?? ""
                    error(place, "`\(name)` is written twice in one map", fix: "remove one of them")
                    return .failed
                }
                renamed[place] = renamed[place] ?? next.key
                text = next.text
            } catch let failure as YamlError {
                report(failure, in: text)
                return .failed
            } catch let failure {
                self.error(.start, "the YAML cannot be read: \(failure)", fix: "check it with an editor")
                return .failed
            }
        }
        error(.start, "too many keys are written twice", fix: "remove the ones that are too many")
        return .failed
    }

    private func report(_ failure: YamlError, in text: String) {
        let problem = YAMLProblem(failure, in: text)
        error(problem.position, problem.message, fix: problem.fix)
    }

    private mutating func tree(_ node: Node, depth: Int) -> Tree? {
        let position = node.mark.map { Position(line: $0.line, column: $0.column) } ?? outermost
        values += 1
        guard values <= Self.mostValues, depth <= Self.deepest else {
            if values == Self.mostValues + 1 || depth > Self.deepest {
                values = Self.mostValues + 2
                error(
                    outermost,
                    "this is nested too deeply, or becomes too large once its aliases are replaced",
                    fix: "write values out, or put what functions share under `defaults`")
            }
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            checkTag(scalar.tag, position, mayBeText: !isPlain)
            return Tree(content: .scalar(scalar.string, isPlain: isPlain), position: position)
        case .sequence(let sequence):
            checkTag(sequence.tag, position, mayBeText: false)
            var items: [Tree] = []
            for item in sequence {
                guard let item = tree(item, depth: depth + 1) else { return nil }
                items.append(item)
            }
            return Tree(content: .list(items), position: position)
        case .mapping(let mapping):
            checkTag(mapping.tag, position, mayBeText: false)
            return map(mapping, position, depth: depth)
        case .alias:
            return Tree(content: .scalar("", isPlain: true), position: position)
        }
    }

    private mutating func map(_ mapping: Node.Mapping, _ position: Position, depth: Int) -> Tree? {
        var pairs: [Tree.Pair] = []
        var first: [String: Position] = [:]
        for (keyNode, valueNode) in mapping {
            guard case .scalar(let scalar) = keyNode, let mark = scalar.mark else {
                error(position, "a list or a map cannot be a key", fix: "write the key as plain text")
                return nil
            }
            let place = Position(line: mark.line, column: mark.column)
            let key = renamed[place] ?? scalar.string
            if depth == 0 { outermost = place }
            if let earlier = first[key] {
                error(
                    place, "`\(key)` is written twice; the first is on line \(earlier.line)",
                    fix: "remove one of them")
            }
            if key == "<<" {
                error(
                    place, "merge keys (`<<`) are not part of YAML 1.2 and not read",
                    fix: "put what functions share under `defaults`, which merges key by key")
            }
            guard let value = tree(valueNode, depth: depth + 1) else { return nil }
            guard first[key] == nil, key != "<<" else { continue }
            first[key] = place
            pairs.append(Tree.Pair(key: key, keyPosition: place, value: value))
        }
        return Tree(content: .map(pairs), position: position)
    }

    private func checkTag(_ tag: Tag, _ position: Position, mayBeText: Bool) {
        let name = tag.description
        guard !name.isEmpty, name != "!", !(mayBeText && name == Tag.Name.str.rawValue) else { return }
        let short = name.replacing("tag:yaml.org,2002:", with: "!!")
        error(
            position, "the tag `\(short)` is not read",
            fix: "remove it; quotes make text, no quotes make numbers and booleans")
    }
}
