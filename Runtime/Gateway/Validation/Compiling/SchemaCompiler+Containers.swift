import JSONCoding

extension SchemaCompiler {
    mutating func arrays(_ schema: Schema) -> Int32 {
        var rules = ArrayRules()
        rules.minItems = count(schema, "minItems", 0)
        rules.maxItems = count(schema, "maxItems", .max)
        if schema.validates, let value = schema.object["uniqueItems"] {
            if value.boolValue == nil {
                problem(
                    schema.location, "uniqueItems", "`uniqueItems` is \(value.kindName)", fix: "write true or false")
            }
            rules.isUnique = value.boolValue ?? false
        }
        if schema.appliesSchemas {
            rules.prefix = children(schema, "prefixItems")
            rules.items = child(schema, "items")
            rules.contains = child(schema, "contains")
            rules.minContains = count(schema, "minContains", 1)
            rules.maxContains = count(schema, "maxContains", .max)
        }
        guard
            rules.minItems > 0 || rules.maxItems < .max || rules.isUnique || !rules.prefix.isEmpty
                || rules.items != SchemaNode.none || rules.contains != SchemaNode.none
        else { return SchemaNode.none }
        tables.arrays.append(rules)
        return Int32(tables.arrays.count - 1)
    }

    mutating func objects(_ schema: Schema) -> Int32 {
        var names = NameCollector()
        var dependents: [ObjectRules.Dependent] = []
        if schema.validates { readRequired(schema, &names, &dependents) }
        if schema.appliesSchemas { readNames(schema, &names, &dependents) }
        var rules = ObjectRules(names: names.list, named: names.named)
        rules.dependents = dependents
        rules.minProperties = count(schema, "minProperties", 0)
        rules.maxProperties = count(schema, "maxProperties", .max)
        if schema.appliesSchemas {
            rules.patterns = patterns(schema)
            rules.additional = child(schema, "additionalProperties")
            rules.propertyNames = child(schema, "propertyNames")
        }
        rules.readsMembers =
            !names.list.isEmpty || !rules.patterns.isEmpty || rules.additional != SchemaNode.none
            || rules.propertyNames != SchemaNode.none
        guard rules.readsMembers || rules.minProperties > 0 || rules.maxProperties < .max else {
            return SchemaNode.none
        }
        tables.objects.append(rules)
        return Int32(tables.objects.count - 1)
    }

    /// The names that keywords mention, each once.
    private struct NameCollector {
        var list: [String] = []
        var named: [ObjectRules.Named] = []
        private var positions: [[UInt8]: Int] = [:]

        /// The position of a name, new or known. Names are told apart by their bytes.
        mutating func position(of name: String) -> Int {
            let bytes = Array(name.utf8)
            if let position = positions[bytes] { return position }
            positions[bytes] = list.count
            list.append(name)
            named.append(ObjectRules.Named())
            return list.count - 1
        }
    }

    private mutating func readRequired(
        _ schema: Schema, _ names: inout NameCollector, _ dependents: inout [ObjectRules.Dependent]
    ) {
        if let value = schema.object["required"] {
            for name in texts(schema, "required", value) { names.named[names.position(of: name)].isRequired = true }
        }
        guard let value = schema.object["dependentRequired"] else { return }
        guard let object = value.objectValue else {
            problem(
                schema.location, "dependentRequired", "`dependentRequired` is \(value.kindName)",
                fix: "write `{\"card\": [\"address\"]}`")
            return
        }
        for member in object.members {
            let needed = texts(schema, "dependentRequired", member.value).map { names.position(of: $0) }
            dependents.append(.init(trigger: names.position(of: member.key), required: needed))
        }
    }

    private mutating func readNames(
        _ schema: Schema, _ names: inout NameCollector, _ dependents: inout [ObjectRules.Dependent]
    ) {
        for key in schema.object["properties"]?.objectValue?.keys ?? [] {
            let position = names.position(of: key)
            names.named[position].node = number(at: below(schema, "properties", key))
        }
        for key in schema.object["dependentSchemas"]?.objectValue?.keys ?? [] {
            let node = number(at: below(schema, "dependentSchemas", key))
            guard node != SchemaNode.none else { continue }
            dependents.append(.init(trigger: names.position(of: key), node: node))
        }
    }

    private mutating func patterns(_ schema: Schema) -> [(pattern: Pattern, node: Int32)] {
        var patterns: [(pattern: Pattern, node: Int32)] = []
        for key in schema.object["patternProperties"]?.objectValue?.keys ?? [] {
            let node = number(at: below(schema, "patternProperties", key))
            guard node != SchemaNode.none, let pattern = pattern(key, below(schema, "patternProperties"), key) else {
                continue
            }
            patterns.append((pattern, node))
        }
        return patterns
    }

    mutating func applicators(_ schema: Schema) -> Int32 {
        var applicators = Applicators()
        if let value = schema.object["$ref"],
            let target = target(of: "$ref", value, schema.location, resource: schema.resource)
        {
            applicators.ref = number(of: target)
        }
        if let value = schema.object["$dynamicRef"] {
            dynamicReference(value, schema.location, resource: schema.resource, &applicators)
        }
        if schema.appliesSchemas {
            applicators.allOf += children(schema, "allOf")
            applicators.anyOf = children(schema, "anyOf")
            applicators.oneOf = children(schema, "oneOf")
            applicators.not = child(schema, "not")
            applicators.condition = child(schema, "if")
            if applicators.condition != SchemaNode.none {
                applicators.then = child(schema, "then")
                applicators.otherwise = child(schema, "else")
            }
        }
        let none = SchemaNode.none
        guard
            applicators.ref != none || applicators.dynamic != nil || !applicators.allOf.isEmpty
                || !applicators.anyOf.isEmpty || !applicators.oneOf.isEmpty || applicators.not != none
                || applicators.condition != none
        else { return none }
        tables.applicators.append(applicators)
        return Int32(tables.applicators.count - 1)
    }
}
