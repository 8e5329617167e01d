using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Holoflow.Holography.Tests;

/// <summary>
/// The science is read by astronomers: each public method says what it takes and gives, of what shape and unit, and how it fails. What the compiler keeps of
/// the sources (documentation, and the exceptions that a body makes) is what is looked at.
/// </summary>
public sealed partial class DocumentationTests
{
    const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    static readonly string[] SelfEvident = ["Dispose", "DisposeAsync", "GetEnumerator", "Deconstruct", "ToString", "Equals", "GetHashCode"];
    static readonly string[] Computing = ["Accuracy", "Averaging", "Beams", "Flagging", "Means", "Pointing", "Polarization", "Raster", "Reduction", "Regridding", "Simulation", "Spectra"];
    static readonly Assembly Science = typeof(ComplexSingle).Assembly;
    static readonly Dictionary<string, XElement> Documents = XDocument.Load(Path.ChangeExtension(Science.Location, ".xml")).Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    [Fact]
    public void Every_public_method_has_a_docstring()
    {
        Assert.NotEmpty(Methods());
        Assert.Empty(Methods().Where(method => Document(method) is null).Select(Name));
    }

    [Fact]
    public void Every_array_that_a_public_method_takes_or_gives_has_its_shape_or_unit_said() =>
        None(Methods().Where(method => Document(method) is not null).SelectMany(method => Unsaid(method, Document(method)!)));

    [Fact]
    public void Every_exception_that_a_public_method_makes_is_documented() =>
        None(Methods().SelectMany(method => ThrownExceptions.By(method).Where(type => !Exceptions(Document(method)).Any(named => type.Name == named || Bases(type).Contains(named)))
            .Select(type => $"{Name(method)}: {type.Name}")));

    [Fact]
    public void Every_quantity_that_a_public_method_takes_or_gives_has_its_unit_said() =>
        None(Methods().Where(method => Document(method) is not null).SelectMany(method => Quantities(method, Document(method)!)));

    [Fact]
    public void Every_public_method_of_a_room_that_computes_cites_the_source_of_its_equation()
    {
        var computing = Methods().Where(method => Computing.Contains(method.DeclaringType!.Namespace!.Split('.')[^1], StringComparer.Ordinal)).ToArray();
        // A room that was renamed would no longer be looked at.
        Assert.Equal(Computing.Order(StringComparer.Ordinal), computing.Select(method => method.DeclaringType!.Namespace!.Split('.')[^1]).Distinct().Order(StringComparer.Ordinal));
        None(computing.Where(method => !Sources(method).Any(text => Source().IsMatch(text))).Select(Name));
    }

    static void None(IEnumerable<string> missing) => Assert.True(!missing.Any(), string.Join((char)10, missing.Distinct().Order(StringComparer.Ordinal)));

    static IEnumerable<string> Unsaid(MethodInfo method, XElement document)
    {
        var whole = Text(document);
        foreach (var parameter in method.GetParameters().Where(parameter => IsArray(parameter.ParameterType)))
        {
            var said = document.Elements("param").FirstOrDefault(param => param.Attribute("name")!.Value == parameter.Name) is { } param ? Text(param) : whole;
            if (!ShapeOrUnit().IsMatch(said))
                yield return $"{Name(method)}: {parameter.Name}: '{said}'";
        }
        if (IsArray(method.ReturnType) && !ShapeOrUnit().IsMatch(document.Element("returns") is { } returns ? Text(returns) : whole))
            yield return $"{Name(method)}: returns '{Text(document)}'";
    }

    // A shape in brackets, a number of things, a unit, or that it has none.
    [GeneratedRegex(@"\[[^\]]+\]|\b(rad|Jy|Hz|m|s|K|deg|degrees|arcmin|unit|units|fraction|fractions|one a|one per|as many|each|bytes|pixels|NAXIS1|of any kind|by name)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShapeOrUnit();

    static IEnumerable<string> Quantities(MethodInfo method, XElement document)
    {
        var whole = Text(document);
        foreach (var parameter in method.GetParameters().Where(parameter => IsQuantity(parameter.ParameterType)))
        {
            var said = document.Elements("param").FirstOrDefault(param => param.Attribute("name")!.Value == parameter.Name) is { } param ? Text(param) : whole;
            if (!Unit().IsMatch(said))
                yield return $"{Name(method)}: {parameter.Name}: '{said}'";
        }
        if (IsQuantity(method.ReturnType) && !Unit().IsMatch(document.Element("returns") is { } returns ? Text(returns) : whole))
            yield return $"{Name(method)}: returns '{whole}'";
    }

    static bool IsQuantity(Type type) => type == typeof(double) || type == typeof(float)
        || (Nullable.GetUnderlyingType(type) is { } inner && IsQuantity(inner))
        || (type.IsGenericType && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal) && type.GetGenericArguments().Any(IsQuantity));

    // A unit, or what makes it a number without one.
    [GeneratedRegex(@"\b(rad|Jy|Hz|m|s|K|deg|degrees|arcmin|units?|ratio|[Ff]ractions?|factor|pixels?|sigma|numbers?|standard deviations?|scale|wavelengths)\b|\b0 to 1\b|\[0, 1\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unit();

    // The specification's equation or section, or a paper: of the method, of what it implements, or of its type, which is often one equation.
    [GeneratedRegex(@"\b[Ee]qs?\. \d|\bHOLOGRAPHY section \d|\b[A-Z]\w+(,? [A-Z]\w+)*( & [A-Z]\w+| et al\.)? (19|20)\d\d\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Source();

    static IEnumerable<string> Sources(MethodInfo method) =>
        new[] { Document(method), Documents.GetValueOrDefault($"T:{method.DeclaringType!.FullName!.Replace('+', '.')}") }.OfType<XElement>().Select(Text);

    static bool IsArray(Type type) => type.IsArray || (type.IsByRefLike && type.IsGenericType && type.Name is "Span`1" or "ReadOnlySpan`1")
        || (type.IsGenericType && type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) && typeof(IReadOnlyList<>).Name == type.Name);

    static IEnumerable<MethodInfo> Methods() => Science.GetExportedTypes()
        .SelectMany(type => type.GetMethods(Own))
        .Where(method => !method.IsSpecialName && !SelfEvident.Contains(method.Name) && !method.Name.Contains('<', StringComparison.Ordinal)
            && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null && method.GetBaseDefinition() == method);

    static XElement? Document(MethodInfo method)
    {
        var own = Documents.GetValueOrDefault(DocumentationId.Of(method));
        return own?.Element("inheritdoc") is null ? own : method.DeclaringType!.GetInterfaces().Select(method.DeclaringType.GetInterfaceMap)
            .Select(map => Array.IndexOf(map.TargetMethods, method) is >= 0 and var slot ? Document(map.InterfaceMethods[slot]) : null).FirstOrDefault(document => document is not null);
    }

    static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    static string Text(XElement element) => string.Concat(element.DescendantNodes().OfType<XText>().Select(text => text.Value)).Trim();

    static HashSet<string> Exceptions(XElement? document) =>
        document is null ? [] : [.. document.Elements("exception").Select(exception => exception.Attribute("cref")!.Value.Split('.')[^1])];

    static IEnumerable<string> Bases(Type type)
    {
        for (var at = type.BaseType; at is not null && at != typeof(Exception); at = at.BaseType)
            yield return at.Name;
    }
}
