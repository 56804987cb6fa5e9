import Manifests

extension InputValidator {
    /// Every problem of the schemas in a manifest: those of `input` and `output`, and those of a schema beside its
    /// route.
    ///
    /// A problem is at the place where the manifest holds or names the schema; its message says where in the schema it
    /// is.
    public static func problems(in manifest: Manifest) -> [Diagnostic] {
        manifest.functions.flatMap { function -> [Diagnostic] in
            var found = FunctionProblems(function: function, directory: manifest.directory)
            found.check()
            return found.list
        }
    }
}

/// The problems of one function's schemas.
private struct FunctionProblems {
    let function: FunctionSettings
    let directory: String
    var list: [Diagnostic] = []

    mutating func check() {
        if let document = function.input.path, let root = compile(document, "input.path") { checkPath(document, root) }
        if let document = function.input.query, let root = compile(document, "input.query") {
            checkQuery(document, root)
        }
        if let document = function.input.body {
            _ = compile(document, "input.body")
            checkBody(document)
        }
        if let document = function.output { _ = compile(document, "output") }
    }

    /// The compiled schema; nil where it has errors.
    private mutating func compile(_ document: SchemaDocument, _ key: String) -> CompiledSchema? {
        let result = SchemaCompiler.compile(document.json, .init())
        for problem in result.problems {
            add(document, key, problem.pointer, problem.message, problem.fix, isWarning: problem.isWarning)
        }
        return result.tables.map { CompiledSchema($0, root: result.root) }
    }

    private mutating func add(
        _ document: SchemaDocument, _ key: String, _ pointer: String, _ message: String, _ fix: String,
        isWarning: Bool = false
    ) {
        var place = "`\(key)`"
        if let path = document.path {
            let isInside = path.hasPrefix(directory + "/")
            place += " (\(isInside ? String(path.dropFirst(directory.utf8.count + 1)) : path))"
        }
        if !pointer.isEmpty { place += " at \(JSONPathText.tamed(pointer))" }
        list.append(
            Diagnostic(
                severity: isWarning ? .warning : .error, file: document.location.file, line: document.location.line,
                column: document.location.column, message: "\(place): \(message)", fix: fix))
    }

    private mutating func checkPath(_ document: SchemaDocument, _ schema: CompiledSchema) {
        guard describesObject(document, "input.path", schema) else { return }
        let parameters = ParameterSchema(schema, place: "path")
        for (position, name) in parameters.names.names.enumerated() {
            let without = function.routes.filter { !$0.parameters.contains(name) }
            guard let route = without.first else { continue }
            let isRequired = parameters.declared[position].isRequired
            guard without.count == function.routes.count || isRequired else { continue }
            add(
                document, "input.path", "", "names `\(JSONPathText.tamed(name))`, which is no parameter of `\(route)`",
                route.parameters.isEmpty
                    ? "write `{\(JSONPathText.tamed(name))}` in the route, or leave it out here"
                    : "write one of the route's own: \(route.parameters.joined(separator: ", "))")
        }
    }

    private mutating func checkQuery(_ document: SchemaDocument, _ schema: CompiledSchema) {
        guard describesObject(document, "input.query", schema) else { return }
        let parameters = ParameterSchema(schema, place: "query")
        for (position, name) in parameters.names.names.enumerated() {
            let declared = parameters.declared[position]
            if let page = function.page, PageParameters.owns(name, page.style) {
                add(
                    document, "input.query", "", "names `\(name)`, which `page` reads and takes out of the query",
                    "leave it out here", isWarning: !declared.isRequired)
            }
            if declared.form.kinds == .object {
                add(
                    document, "input.query", "/properties/\(SchemaCompiler.escaped(name))",
                    "a parameter of a query cannot be an object", "describe a string, or take it from the body")
            }
        }
    }

    private mutating func checkBody(_ document: SchemaDocument) {
        guard function.routes.allSatisfy({ $0.method == "GET" }), let route = function.routes.first else { return }
        add(
            document, "input.body", "", "a body is described, and `\(route)` has none",
            "write `input.query`, or a route with POST, PUT or PATCH")
    }

    private mutating func describesObject(
        _ document: SchemaDocument, _ key: String, _ schema: CompiledSchema
    ) -> Bool {
        let root = schema.nodes.base[Int(schema.root)]
        if root.kinds.contains(.object), !root.isNever { return true }
        add(
            document, key, "/type", "the parameters are an object, and the schema allows none",
            "write `type: object` and the parameters under `properties`")
        return false
    }
}
