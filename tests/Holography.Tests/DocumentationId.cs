using System.Reflection;

namespace Holoflow.Holography.Tests;

/// <summary>The name under which the compiler keeps a method's documentation.</summary>
static class DocumentationId
{
    public static string Of(MethodInfo method)
    {
        var arity = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";
        var parameters = string.Join(',', method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)));
        return $"M:{method.DeclaringType!.FullName!.Replace('+', '.')}.{method.Name}{arity}{(parameters.Length > 0 ? $"({parameters})" : "")}";
    }

    static string NameOf(Type type)
    {
        if (type.IsByRef)
            return NameOf(type.GetElementType()!) + "@";
        if (type.IsArray)
            return NameOf(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        if (!type.IsGenericType)
            return type.FullName!.Replace('+', '.');
        var name = type.GetGenericTypeDefinition().FullName!;
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(NameOf))}}}";
    }
}
