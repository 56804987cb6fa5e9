import JSONCoding

extension SchemaCompiler {
    /// The schema that a `$ref` or `$dynamicRef` names, found in the document or among the draft's own; nil and a
    /// problem where there is none.
    mutating func target(of keyword: String, _ value: JSONValue, _ location: Location, resource: Int) -> Location? {
        guard let text = value.stringValue else {
            problem(
                location, keyword, "`\(keyword)` is \(value.kindName)", fix: "write a reference such as `#/$defs/user`")
            return nil
        }
        let uri = resources[resource].uri.resolve(text)
        if uri.document.hasPrefix(MetaSchemas.base) { addMetaSchemas() }
        guard let fragment = uri.decodedFragment else {
            problem(location, keyword, "`\(keyword)` has a broken escape", fix: "write `%25` for a percent sign")
            return nil
        }
        guard let target = resourceByURI[uri.document] else {
            problem(
                location, keyword, "`\(keyword)` refers to `\(text)`, which is not in this document",
                fix: "put that schema under `$defs` here and write `$ref: \"#/$defs/NAME\"`; nothing is fetched",
                missing: uri.document)
            return nil
        }
        if fragment.isEmpty { return resources[target].location }
        if fragment.hasPrefix("/") {
            if let place = follow(fragment, from: target) { return place }
        } else if let anchor = resources[target].anchors[fragment] {
            return anchor
        }
        problem(
            location, keyword, "`\(keyword)` refers to `\(text)`, and there is no schema",
            fix: "write a reference to a schema that is there, such as `#/$defs/NAME`")
        return nil
    }

    /// Follows a JSON pointer from a resource. A schema at a place where no keyword has one is taken in when it is
    /// referred to.
    private mutating func follow(_ pointer: String, from resource: Int) -> Location? {
        var location = resources[resource].location
        guard var value = value(at: location) else { return nil }
        var inner = resource
        for step in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let key = SchemaCompiler.unescaped(step) else { return nil }
            switch value {
            case .object(let object):
                guard let member = object[key] else { return nil }
                value = member
            case .array(let elements):
                guard let position = Int(key), elements.indices.contains(position), String(position) == key else {
                    return nil
                }
                value = elements[position]
            default: return nil
            }
            location.pointer += "/" + SchemaCompiler.escaped(key)
            if let place = places[location] { inner = place.resource }
        }
        if places[location] != nil { return location }
        guard value.objectValue != nil || value.boolValue != nil else { return nil }
        index(value, location, resource: inner)
        return places[location] == nil ? nil : location
    }

    private func value(at location: Location) -> JSONValue? {
        places[location]?.value ?? (location.pointer.isEmpty ? documents[location.document] : nil)
    }

    /// A step of a JSON pointer as a key; nil for a broken escape.
    private static func unescaped(_ step: Substring) -> String? {
        guard step.contains("~") else { return String(step) }
        var text = String.UnicodeScalarView()
        var scalars = step.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            guard scalar == "~" else {
                text.append(scalar)
                continue
            }
            switch scalars.popFirst() {
            case "0": text.append("~")
            case "1": text.append("/")
            default: return nil
            }
        }
        return String(text)
    }

    /// Reads a `$dynamicRef`: as a `$ref`, unless it names a `$dynamicAnchor`; then the outermost resource on the way
    /// that has one of that name decides (draft 2020-12 core, section 8.2.3.2).
    mutating func dynamicReference(
        _ value: JSONValue, _ location: Location, resource: Int, _ applicators: inout Applicators
    ) {
        guard let target = target(of: "$dynamicRef", value, location, resource: resource),
            let place = places[target]
        else { return }
        let number = number(of: target)
        let anchor = value.stringValue.flatMap { SchemaURI($0).decodedFragment } ?? ""
        guard resources[place.resource].dynamicAnchors[anchor] == target else {
            if applicators.ref == SchemaNode.none { applicators.ref = number } else { applicators.allOf.append(number) }
            return
        }
        applicators.dynamic = Applicators.Dynamic(fallback: number, targets: [:])
        dynamicReferences.append(DynamicReference(applicators: tables.applicators.count, anchor: anchor))
        // Whichever resource will decide, its schema must be there.
        for other in resources.indices {
            if let target = resources[other].dynamicAnchors[anchor] { _ = self.number(of: target) }
        }
    }

    mutating func resolveDynamicReferences() {
        for reference in dynamicReferences {
            var targets: [Int32: Int32] = [:]
            for (index, resource) in resources.enumerated() {
                guard let location = resource.dynamicAnchors[reference.anchor], let number = numbers[location] else {
                    continue
                }
                targets[Int32(index)] = number
            }
            tables.applicators[reference.applicators].dynamic?.targets = targets
        }
    }
}
