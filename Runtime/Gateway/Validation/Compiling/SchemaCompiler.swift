import JSONCoding

/// Turns the JSON of a schema into tables.
///
/// First every schema of the document is found, with its resource (`$id`) and anchors; then, from the root on, each one
/// that can be reached gets a number and is read, and so is every other one, so that its problems are found too. A list
/// of what is still to be read takes the place of recursion.
struct SchemaCompiler {
    /// Where a schema is: a document and a JSON pointer in it.
    struct Location: Hashable {
        var document: Int
        var pointer: String
    }

    /// A schema with an `$id`, or a document's root.
    struct Resource {
        var uri: SchemaURI
        var location: Location
        var anchors: [String: Location] = [:]
        var dynamicAnchors: [String: Location] = [:]
        var vocabularies: Vocabularies = .all
    }

    /// A schema as it was found.
    struct Place {
        var value: JSONValue
        var resource: Int
    }

    /// What comes of a schema.
    struct Result {
        /// Nil where there is an error.
        var tables: SchemaTables?
        var root: Int32 = 0
        var problems: [SchemaProblem] = []
    }

    /// The most schemas that are read for one document.
    static let limit = 20_000

    let options: CompiledSchema.Options
    var documents: [JSONValue] = []
    var resources: [Resource] = []
    var resourceByURI: [String: Int] = [:]
    var places: [Location: Place] = [:]
    /// The locations in the order in which they were found.
    var found: [Location] = []
    var tables = SchemaTables()
    var numbers: [Location: Int32] = [:]
    var locations: [Location] = []
    /// How many of `locations` were read.
    var readCount = 0
    var dynamicReferences: [DynamicReference] = []
    var problems: [SchemaProblem] = []
    private var hasMetaSchemas = false

    /// A `$dynamicRef` whose targets are sought when all schemas are known.
    struct DynamicReference {
        var applicators: Int
        var anchor: String
    }

    static func compile(_ json: String, _ options: CompiledSchema.Options) -> Result {
        let document: JSONValue
        do throws(JSONDecodingError) {
            document = try JSONValue.parse(Array(json.utf8))
        } catch {
            return Result(
                problems: [
                    SchemaProblem(pointer: "", message: "is not valid JSON: \(error)", fix: "mend the JSON")
                ])
        }
        var compiler = SchemaCompiler(options: options)
        let root = compiler.compile(document)
        let isUsable = compiler.problems.allSatisfy(\.isWarning)
        return Result(
            tables: isUsable ? compiler.tables : nil, root: root, problems: compiler.problems)
    }

    private init(options: CompiledSchema.Options) { self.options = options }

    private mutating func compile(_ document: JSONValue) -> Int32 {
        add(document)
        let root = number(of: Location(document: 0, pointer: ""))
        var index = 0
        while true {
            while readCount < locations.count, readCount < SchemaCompiler.limit {
                let location = locations[readCount]
                readCount += 1
                read(location, Int(readCount - 1))
            }
            // What nothing refers to is read for its problems.
            guard index < found.count, locations.count < SchemaCompiler.limit else { break }
            if found[index].document == 0 { _ = number(of: found[index]) }
            index += 1
        }
        if locations.count >= SchemaCompiler.limit {
            problem(
                Location(document: 0, pointer: ""), nil, "has more than \(SchemaCompiler.limit) schemas",
                fix: "describe less of it")
        }
        resolveDynamicReferences()
        findLoops()
        return root
    }

    /// Takes a document in: its resources, anchors and schemas.
    mutating func add(_ document: JSONValue) {
        documents.append(document)
        let location = Location(document: documents.count - 1, pointer: "")
        resources.append(Resource(uri: SchemaURI(""), location: location))
        if location.document == 0 { resourceByURI[""] = 0 }
        index(document, location, resource: resources.count - 1)
    }

    /// Takes in the draft's own meta-schemas, once.
    mutating func addMetaSchemas() {
        guard !hasMetaSchemas else { return }
        hasMetaSchemas = true
        for text in MetaSchemas.documents {
            if let document = try? JSONValue.parse(Array(text.utf8)) { add(document) }
        }
    }

    /// The number of the schema at a location, which must be in `places`; it is read later.
    mutating func number(of location: Location) -> Int32 {
        if let known = numbers[location] { return known }
        let number = Int32(truncatingIfNeeded: locations.count)
        numbers[location] = number
        locations.append(location)
        tables.nodes.append(SchemaNode())
        return number
    }

    mutating func problem(
        _ location: Location, _ keyword: String?, _ message: String, fix: String, missing: String? = nil,
        isWarning: Bool = false
    ) {
        guard location.document == 0, problems.count < 100 else { return }
        let pointer = keyword.map { location.pointer + "/" + SchemaCompiler.escaped($0) } ?? location.pointer
        problems.append(
            SchemaProblem(pointer: pointer, message: message, fix: fix, isWarning: isWarning, missing: missing))
    }

    /// A key as a step of a JSON pointer.
    static func escaped(_ key: String) -> String {
        guard key.utf8.contains(where: { $0 == 0x7E || $0 == 0x2F }) else { return key }
        var text = ""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
