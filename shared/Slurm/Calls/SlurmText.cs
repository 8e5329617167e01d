namespace Holoflow.Slurm.Calls;

/// <summary>What can be an argument of a command at all.</summary>
static class SlurmText
{
    /// <summary>Why a text cannot be passed byte for byte; null where it can.</summary>
    public static string? Fault(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return "has a NUL character";
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
                return "is not valid Unicode text";
            if (char.IsHighSurrogate(text[i]))
                i++;
        }

        return null;
    }

    /// <summary>Why a text cannot stand on one line; null where it can.</summary>
    public static string? LineFault(string text) =>
        Fault(text) ?? (text.FirstOrDefault(char.IsControl) is var control && control != '\0' ? $"has a line break or control character (U+{(int)control:X4})" : null);

    /// <exception cref="ArgumentException">The text cannot be passed byte for byte.</exception>
    public static void Require(string text, string name)
    {
        if (Fault(text) is { } fault)
            throw new ArgumentException($"{name} {fault}", nameof(text));
    }
}
