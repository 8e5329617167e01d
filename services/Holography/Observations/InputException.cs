namespace Holoflow.HolographyFlow.Observations;

/// <summary>Input that cannot be reduced: every mistake in one message, each saying what is wrong and what would be right.</summary>
sealed class InputException(IReadOnlyList<string> mistakes)
    : Exception(mistakes.Count == 1 ? mistakes[0] : $"{mistakes.Count} mistakes: {string.Join("; ", mistakes)}")
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;

    /// <summary>The message alone: where in the program it was found tells the one who reads the log nothing.</summary>
    public override string ToString() => Message;
}
