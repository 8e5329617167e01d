using System.Reflection;
using System.Reflection.Emit;

namespace Holoflow.Holography.Tests;

/// <summary>Finds the exceptions that a method makes, by the constructors of exceptions that its instructions call.</summary>
static class ThrownExceptions
{
    static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    static readonly Dictionary<MethodBase, (HashSet<Type> Made, HashSet<MethodBase> Called)> Known = [];

    /// <summary>The types of the exceptions that a method, or what it calls of its own type's insides, makes.</summary>
    public static HashSet<Type> By(MethodBase method)
    {
        var (found, seen, left) = (new HashSet<Type>(), new HashSet<MethodBase> { method }, new Stack<MethodBase>([method]));
        while (left.TryPop(out var next))
        {
            var (made, called) = Read(next);
            found.UnionWith(made);
            foreach (var callee in called.Where(callee => callee.DeclaringType == method.DeclaringType && !callee.IsPublic && seen.Add(callee)))
                left.Push(callee);
        }
        return found;
    }

    static (HashSet<Type> Made, HashSet<MethodBase> Called) Read(MethodBase method)
    {
        if (Known.TryGetValue(method, out var known))
            return known;
        var (made, called) = Known[method] = ([], []);
        var body = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null, arguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < body.Length;)
        {
            var code = Codes[body[at] == 0xFE ? unchecked((short)(0xFE00 | body[at + 1])) : body[at]];
            at += code.Size;
            if (code.OperandType == OperandType.InlineMethod && method.Module.ResolveMethod(BitConverter.ToInt32(body, at), typeArguments, arguments) is { DeclaringType: { } owner } callee)
            {
                if (callee.IsConstructor && owner.IsAssignableTo(typeof(Exception)))
                    made.Add(owner);
                else
                    called.Add(callee is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : callee);
            }
            at += OperandLength(code, body, at);
        }
        return (made, called);
    }

    static int OperandLength(OpCode code, byte[] body, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, at)),
        _ => 4,
    };
}
