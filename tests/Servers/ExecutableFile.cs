using System.Diagnostics;
using System.Text;

namespace Holoflow.Servers;

/// <summary>Programs that a test writes and then executes.</summary>
public static class ExecutableFile
{
    /// <summary>
    /// Writes one that all may execute. Another process does it: a descriptor for writing of this one would be in every child that other threads
    /// fork meanwhile, and until that child has called exec, the kernel executes nothing that somebody may write into ("Text file busy").
    /// </summary>
    /// <exception cref="IOException">It cannot be written there.</exception>
    public static void Write(string path, string text)
    {
        using var install = Process.Start(new ProcessStartInfo("install", ["-m", "755", "/dev/stdin", path])
        {
            UseShellExecute = false, RedirectStandardInput = true, StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        })!;
        install.StandardInput.Write(text);
        install.StandardInput.Close();
        install.WaitForExit();
        if (install.ExitCode != 0)
            throw new IOException($"'{path}' cannot be written");
    }
}
