using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Holoflow.Holography.Tests;

/// <summary>The science is read by astronomers: each public method says what it takes and gives.</summary>
public sealed class DocumentationTests
{
    static readonly string[] SelfEvident = ["Dispose", "DisposeAsync", "GetEnumerator", "Deconstruct", "ToString", "Equals", "GetHashCode"];

    [Fact]
    public void Every_public_method_has_a_docstring()
    {
        var assembly = typeof(ComplexSingle).Assembly;
        var documented = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Select(member => member.Attribute("name")!.Value.Split('(')[0].Split("``")[0]).ToHashSet(StringComparer.Ordinal);
        var methods = assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsSpecialName && !SelfEvident.Contains(method.Name) && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null && method.GetBaseDefinition() == method)
            .Select(method => $"M:{method.DeclaringType!.FullName!.Replace('+', '.')}.{method.Name}").Distinct().ToList();
        Assert.NotEmpty(methods);
        Assert.Empty(methods.Where(method => !documented.Contains(method)));
    }
}
