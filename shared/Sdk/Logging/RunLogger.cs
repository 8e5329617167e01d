using System.Globalization;
using System.Text;
using System.Text.Json;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>
/// Writes lines into the run's log. A message may be a template whose names in braces take the values in order; they are kept as
/// fields beside the text: <c>log.Info("fitted {beam} in {seconds} s", beam, seconds)</c>.
/// </summary>
public sealed class RunLogger
{
    /// <summary>Longer lines are cut, with a mark that tells how much is missing.</summary>
    public const int LongestLine = 32 * 1024;

    const int LongestMark = 64;

    readonly IEntrySink _entries;
    readonly Guid? _run;
    readonly Guid? _task;

    internal RunLogger(IEntrySink entries, Guid? run, Guid? task, string name)
    {
        _entries = entries;
        _run = run;
        _task = task;
        Name = name;
    }

    /// <summary>Shown beside each line.</summary>
    public string Name { get; }

    public void Trace(string message, params ReadOnlySpan<object?> values) => Write(LogLevel.Trace, message, values);

    public void Debug(string message, params ReadOnlySpan<object?> values) => Write(LogLevel.Debug, message, values);

    public void Info(string message, params ReadOnlySpan<object?> values) => Write(LogLevel.Information, message, values);

    public void Warning(string message, params ReadOnlySpan<object?> values) => Write(LogLevel.Warning, message, values);

    public void Error(string message, params ReadOnlySpan<object?> values) => Write(LogLevel.Error, message, values);

    public void Error(Exception exception, string message, params ReadOnlySpan<object?> values) => Write(LogLevel.Error, $"{message}{Environment.NewLine}{exception}", values);

    public void Critical(string message, params ReadOnlySpan<object?> values) => Write(LogLevel.Critical, message, values);

    /// <summary>A logger of the same run or task with another name.</summary>
    public RunLogger Named(string name) => new(_entries, _run, _task, name);

    /// <summary>Writes one line. Without values the message is taken as it is, braces and all.</summary>
    public void Write(LogLevel level, string message, params ReadOnlySpan<object?> values)
    {
        ArgumentNullException.ThrowIfNull(message);
        Dictionary<string, JsonElement>? fields = null;
        var text = values.IsEmpty ? message : Filled(message, values, out fields);
        _entries.Append(new Logged
        {
            Run = _run,
            Task = _task,
            Level = level,
            Logger = Name,
            Message = Cut(text),
            Fields = fields,
        });
    }

    /// <summary>The line, cut where it is too long.</summary>
    internal static string Cut(string line)
    {
        // A line that was cut and marked already fits.
        if (line.Length <= LongestLine + LongestMark)
            return line;
        var end = char.IsHighSurrogate(line[LongestLine - 1]) ? LongestLine - 1 : LongestLine;
        return $"{line.AsSpan(0, end)} …[cut: {line.Length - end} more characters]";
    }

    static string Filled(string template, ReadOnlySpan<object?> values, out Dictionary<string, JsonElement> fields)
    {
        fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var text = new StringBuilder();
        var used = 0;
        for (var rest = template.AsSpan(); ;)
        {
            var open = rest.IndexOf('{');
            var length = open < 0 ? -1 : rest[open..].IndexOf('}');
            if (length < 2 || used == values.Length)
            {
                text.Append(rest);
                break;
            }
            var name = rest.Slice(open + 1, length - 1).ToString();
            var value = values[used++];
            text.Append(rest[..open]).Append(CultureInfo.InvariantCulture, $"{value ?? "null"}");
            fields[name] = Field(value);
            rest = rest[(open + length + 1)..];
        }
        return text.ToString();
    }

    static JsonElement Field(object? value) => value switch
    {
        null => JsonElement.Parse("null"),
        bool flag => JsonElement.Parse(flag ? "true" : "false"),
        double number when double.IsFinite(number) => JsonElement.Parse(number.ToString("R", CultureInfo.InvariantCulture)),
        float number when float.IsFinite(number) => JsonElement.Parse(number.ToString("R", CultureInfo.InvariantCulture)),
        int or long or short or byte or uint or ulong or ushort or sbyte or decimal => JsonElement.Parse(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        _ => JsonElement.Parse($"\"{JsonEncodedText.Encode(Cut(value.ToString() ?? ""))}\""),
    };
}
