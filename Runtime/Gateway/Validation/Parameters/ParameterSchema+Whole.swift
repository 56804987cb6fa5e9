import JSONCoding
import WireProtocol

extension ParameterSchema {
    /// Checks the parameters as one JSON object: for schemas with arrays, conditions, patterns and the like.
    func checkWhole(_ parameters: inout [Invocation.Parameter], _ details: inout [APIError.Detail]) {
        var groups = ParameterGroups(parameters)
        var dropped: Set<Int> = []
        var writer = JSONWriter()
        writer.beginObject()
        for name in groups.names {
            let indices = groups.indices(of: name)
            let form = form(of: name)
            if indices.count > 1, !form.isArray {
                details.append(
                    APIError.Detail(
                        field: JSONPath([.key(name)]).description, in: place, message: "is given more than once"))
            }
            writer.key(name)
            if form.isArray, indices.count > 1 || !isScalar(parameters[indices[0]].value, form) {
                writer.beginArray()
                for (position, index) in indices.enumerated() {
                    _ = write(&parameters[index], form.kinds(ofElement: position), &writer)
                }
                writer.endArray()
            } else if write(&parameters[indices[0]], form.kinds, &writer), place == "query" {
                dropped.insert(indices[0])
            }
        }
        writer.endObject()
        // What was written here is JSON with distinct keys, so it can be read.
        let found = writer.bytes.withUnsafeBytes { bytes -> [APIError.Detail]? in
            guard let document = try? JSONDocument.read(bytes) else { return nil }
            return SchemaRun.details(of: document, by: schema, in: place)
        }
        details += found ?? [APIError.Detail(field: place, in: place, message: "cannot be checked")]
        if !dropped.isEmpty {
            parameters = parameters.indices.filter { !dropped.contains($0) }.map { parameters[$0] }
        }
    }

    private func isScalar(_ text: String, _ form: ParameterForm) -> Bool {
        let kinds = form.kinds.subtracting([.array, .object])
        guard !kinds.isEmpty else { return false }
        if case .other = text.withBytes({ ParameterForm.read($0, as: kinds) }) { return false }
        return true
    }

    /// Writes one value; true if it is null.
    private func write(_ parameter: inout Invocation.Parameter, _ kinds: KindSet, _ writer: inout JSONWriter) -> Bool {
        switch parameter.value.withBytes({ ParameterForm.read($0, as: kinds) }) {
        case .number: writer.raw(Array(parameter.value.utf8))
        case .boolean(let flag):
            writer.bool(flag)
            parameter.value = flag ? "true" : "false"
        case .null:
            writer.null()
            return true
        // What no kind fits stays a text, and the schema says what it wants instead.
        case .string, .other: writer.string(parameter.value)
        }
        return false
    }

    /// What a parameter is taken for: by its own schema, else by that of a pattern, else by that of the others.
    private func form(of name: String) -> ParameterForm {
        if let position = names.position(of: name) { return declared[position].form }
        let root = schema.nodes.base + Int(schema.root)
        guard root.pointee.objects >= 0 else { return .text }
        let rules = schema.objects.base + Int(root.pointee.objects)
        var budget = 100_000
        for index in 0..<rules.pointee.patterns.count {
            let isMatch = name.withBytes { rules.pointee.patterns[index].pattern.matches($0, budget: &budget) }
            if isMatch == true { return ParameterForm(schema, rules.pointee.patterns[index].node) }
        }
        return rules.pointee.additional >= 0 ? ParameterForm(schema, rules.pointee.additional) : .text
    }
}

/// Parameters by their names, in the order in which the names first came.
private struct ParameterGroups {
    private(set) var names: [String] = []
    private var positions: [[UInt8]: [Int]] = [:]

    init(_ parameters: [Invocation.Parameter]) {
        for (index, parameter) in parameters.enumerated() {
            let bytes = Array(parameter.name.utf8)
            if positions[bytes] == nil { names.append(parameter.name) }
            positions[bytes, default: []].append(index)
        }
    }

    mutating func indices(of name: String) -> [Int] { positions[Array(name.utf8)] ?? [] }
}
