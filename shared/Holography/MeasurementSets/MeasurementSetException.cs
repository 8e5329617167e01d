namespace Holoflow.Holography.MeasurementSets;

/// <summary>A MeasurementSet that cannot be used: its message and <see cref="Problems"/> list everything that is missing or wrong.</summary>
public sealed class MeasurementSetException : Exception
{
    public MeasurementSetException()
    {
    }

    public MeasurementSetException(string message)
        : base(message)
    {
    }

    public MeasurementSetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal MeasurementSetException(string path, IReadOnlyList<string> problems)
        : base($"{path}: not a usable MeasurementSet: {string.Join("; ", problems)}") => Problems = problems;

    /// <summary>One line for each thing that is missing or wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = [];
}
