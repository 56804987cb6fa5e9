import JSONCoding

extension SchemaCompiler {
    /// Reads one schema into the tables.
    mutating func read(_ location: Location, _ index: Int) {
        guard let place = places[location] else { return }
        var node = SchemaNode()
        node.resource = Int32(place.resource)
        defer { tables.nodes[index] = node }
        guard let object = place.value.objectValue else {
            node.isNever = place.value.boolValue == false
            node.isTrivial = !node.isNever
            return
        }
        let vocabularies = resources[place.resource].vocabularies
        var schema = Schema(object: object, location: location, resource: place.resource)
        if vocabularies.contains(.validation) {
            node.kinds = kinds(schema)
            node.values = values(schema)
            node.numbers = numbers(schema)
        }
        node.strings = strings(schema, vocabularies)
        schema.appliesSchemas = vocabularies.contains(.applicator)
        schema.validates = vocabularies.contains(.validation)
        node.arrays = arrays(schema)
        node.objects = objects(schema)
        node.applicators = applicators(schema)
        if vocabularies.contains(.unevaluated) {
            node.unevaluatedItems = child(schema, "unevaluatedItems")
            node.unevaluatedProperties = child(schema, "unevaluatedProperties")
        }
        warn(schema)
        let none = SchemaNode.none
        node.isTrivial =
            node.kinds == .any && node.values == none && node.numbers == none && node.strings == none
            && node.arrays == none && node.objects == none && node.applicators == none
            && node.unevaluatedItems == none && node.unevaluatedProperties == none
    }

    /// A schema that is being read.
    struct Schema {
        let object: JSONObject
        let location: Location
        let resource: Int
        var appliesSchemas = true
        var validates = true
    }

    // MARK: Values of keywords

    /// The number of the schema that a keyword holds; -1 if it holds none.
    mutating func child(_ schema: Schema, _ keyword: String) -> Int32 {
        guard schema.object[keyword] != nil else { return SchemaNode.none }
        return number(at: below(schema, keyword))
    }

    func below(_ schema: Schema, _ steps: String...) -> Location {
        var location = schema.location
        for step in steps { location.pointer += "/" + SchemaCompiler.escaped(step) }
        return location
    }

    /// The number of the schema at a location; -1 where something else stands, which was reported.
    mutating func number(at location: Location) -> Int32 {
        places[location] == nil ? SchemaNode.none : number(of: location)
    }

    /// The numbers of the schemas in the array that a keyword holds.
    mutating func children(_ schema: Schema, _ keyword: String) -> [Int32] {
        guard let elements = schema.object[keyword]?.arrayValue else { return [] }
        if elements.isEmpty {
            problem(schema.location, keyword, "`\(keyword)` is empty", fix: "write a schema in it, or leave it out")
        }
        return elements.indices.compactMap { position in
            let number = number(at: below(schema, keyword, String(position)))
            return number == SchemaNode.none ? nil : number
        }
    }

    /// A count: a whole number that is not negative, the largest there is for larger ones.
    mutating func count(_ schema: Schema, _ keyword: String, _ standard: Int) -> Int {
        guard schema.validates, let value = schema.object[keyword] else { return standard }
        guard let number = value.numberValue, number.isWhole, number >= JSONNumber(0) else {
            problem(
                schema.location, keyword, "`\(keyword)` is no whole number from 0 on", fix: "write `\(keyword): 1`")
            return standard
        }
        return number.int ?? .max
    }

    /// The texts of an array that a keyword holds.
    mutating func texts(_ schema: Schema, _ keyword: String, _ value: JSONValue) -> [String] {
        guard let elements = value.arrayValue, elements.allSatisfy({ $0.stringValue != nil }) else {
            problem(
                schema.location, keyword, "`\(keyword)` is no array of names", fix: "write `[\"id\", \"name\"]`")
            return []
        }
        return elements.compactMap(\.stringValue)
    }

    mutating func pattern(_ source: String, _ location: Location, _ keyword: String) -> Pattern? {
        do throws(PatternProblem) {
            return try Pattern(source)
        } catch {
            problem(location, keyword, "the pattern \(error.message), at character \(error.offset + 1)", fix: error.fix)
            return nil
        }
    }

    // MARK: Keywords

    private mutating func kinds(_ schema: Schema) -> KindSet {
        guard let value = schema.object["type"] else { return .any }
        let names = value.arrayValue ?? [value]
        var kinds: KindSet = []
        for name in names {
            guard let kind = name.stringValue.flatMap({ KindSet(type: $0) }) else {
                problem(
                    schema.location, "type",
                    name.stringValue.map { "`type` names `\(JSONPathText.tamed($0))`, which is no type" }
                        ?? "`type` is \(name.kindName)",
                    fix: "write string, number, integer, boolean, array, object or null, or a list of them")
                return .any
            }
            kinds.formUnion(kind)
        }
        if names.isEmpty {
            problem(schema.location, "type", "`type` is empty", fix: "write a type in it, or leave it out")
        }
        return kinds
    }

    private mutating func values(_ schema: Schema) -> Int32 {
        var rules = ValueRules()
        if let value = schema.object["const"] { rules.lists.append(ValueList([value])) }
        if let value = schema.object["enum"] {
            if let elements = value.arrayValue {
                rules.lists.append(ValueList(elements))
            } else {
                problem(schema.location, "enum", "`enum` is \(value.kindName)", fix: "write an array of values")
            }
        }
        guard !rules.lists.isEmpty else { return SchemaNode.none }
        tables.values.append(rules)
        return Int32(tables.values.count - 1)
    }

    private mutating func numbers(_ schema: Schema) -> Int32 {
        var rules = NumberRules()
        rules.minimum = limit(schema, "minimum")
        rules.maximum = limit(schema, "maximum")
        rules.exclusiveMinimum = limit(schema, "exclusiveMinimum")
        rules.exclusiveMaximum = limit(schema, "exclusiveMaximum")
        rules.multipleOf = limit(schema, "multipleOf")
        if let divisor = rules.multipleOf, divisor.number <= JSONNumber(0) {
            problem(schema.location, "multipleOf", "`multipleOf` is not above 0", fix: "write `multipleOf: 1`")
        }
        guard !rules.isEmpty else { return SchemaNode.none }
        rules.prepare()
        tables.numbers.append(rules)
        return Int32(tables.numbers.count - 1)
    }

    private mutating func limit(_ schema: Schema, _ keyword: String) -> NumberRules.Limit? {
        guard let value = schema.object[keyword] else { return nil }
        guard let number = value.numberValue else {
            problem(
                schema.location, keyword, "`\(keyword)` is \(value.kindName)", fix: "write a number: `\(keyword): 1`")
            return nil
        }
        return NumberRules.Limit(number)
    }

    private mutating func strings(_ schema: Schema, _ vocabularies: Vocabularies) -> Int32 {
        var rules = StringRules()
        if vocabularies.contains(.validation) {
            rules.minLength = count(schema, "minLength", 0)
            rules.maxLength = count(schema, "maxLength", .max)
            if let value = schema.object["pattern"] {
                if let text = value.stringValue {
                    rules.pattern = pattern(text, schema.location, "pattern")
                } else {
                    problem(
                        schema.location, "pattern", "`pattern` is \(value.kindName)",
                        fix: "write a regular expression in quotes")
                }
            }
        }
        if options.assertsFormat, vocabularies.contains(.format), let value = schema.object["format"] {
            guard let text = value.stringValue else {
                problem(schema.location, "format", "`format` is \(value.kindName)", fix: "write `format: email`")
                return SchemaNode.none
            }
            rules.format = StringFormat(rawValue: text)
        }
        guard rules.minLength > 0 || rules.maxLength < .max || rules.pattern != nil || rules.format != nil else {
            return SchemaNode.none
        }
        tables.strings.append(rules)
        return Int32(tables.strings.count - 1)
    }

    /// What was probably meant otherwise.
    private mutating func warn(_ schema: Schema) {
        if schema.object["nullable"] != nil {
            problem(
                schema.location, "nullable", "`nullable` means nothing in draft 2020-12",
                fix: "write `type: [string, \"null\"]`", isWarning: true)
        }
        guard schema.location.document == 0 else { return }
        for key in schema.object.keys {
            guard let meant = SchemaKeywords.meant(by: key) else { continue }
            problem(
                schema.location, key, "`\(JSONPathText.tamed(key))` is no keyword and is ignored",
                fix: "write `\(meant)`", isWarning: true)
        }
    }
}
