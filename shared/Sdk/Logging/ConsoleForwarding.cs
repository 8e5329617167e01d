using System.Text;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>Sends what a task prints to its log, line by line, where it asked for it; everything else goes to the console as before.</summary>
static class ConsoleForwarding
{
    static readonly Lock Gate = new();
    static bool _installed;

    public static void Install()
    {
        lock (Gate)
        {
            if (_installed)
                return;
            Console.SetOut(new Forwarder(Console.Out, LogLevel.Information, "stdout"));
            Console.SetError(new Forwarder(Console.Error, LogLevel.Warning, "stderr"));
            _installed = true;
        }
    }

    sealed class Forwarder(TextWriter console, LogLevel level, string logger) : TextWriter
    {
        readonly AsyncLocal<StringBuilder?> _line = new();

        public override Encoding Encoding => console.Encoding;

        public override void Write(char value)
        {
            if (TaskContext.CurrentOrNull is not { ForwardsConsole: true } task)
            {
                console.Write(value);
                return;
            }
            var line = _line.Value ??= new StringBuilder();
            if (value != '\n')
            {
                line.Append(value);
                return;
            }
            task.Log.Named(logger).Write(level, line.ToString());
            line.Clear();
        }

        public override void Write(string? value)
        {
            if (TaskContext.CurrentOrNull is not { ForwardsConsole: true })
                console.Write(value);
            else
                base.Write(value);
        }

        public override void Flush() => console.Flush();
    }
}
