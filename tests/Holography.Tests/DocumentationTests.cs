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
