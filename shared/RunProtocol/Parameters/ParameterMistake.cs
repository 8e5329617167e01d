namespace Holoflow.RunProtocol.Parameters;

/// <summary>One thing that is wrong with the parameters of a run.</summary>
/// <param name="Path">Where: <c>channels</c>, <c>beams[3].name</c>; empty for the parameters as a whole.</param>
/// <param name="Message">What is wrong and what would be right, as a sentence part that follows the path.</param>
public sealed record ParameterMistake(string Path, string Message)
{
    /// <summary>For people: the path and what is wrong with it.</summary>
    public override string ToString() => Path.Length == 0 ? $"the parameters {Message}" : $"parameter '{Path}' {Message}";
}
