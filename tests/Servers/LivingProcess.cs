using System.Globalization;

namespace Holoflow.Servers;

/// <summary>Tells living processes from dead ones that nobody has collected yet: an init process may take seconds for that.</summary>
public static class LivingProcess
{
    /// <summary>Whether a process of this id executes, sleeps or is stopped.</summary>
    /// <param name="id">A process's number, with or without a line's end.</param>
    /// <exception cref="FormatException">It is no number: a file that was made but not yet written would pass for the machine's own <c>/proc/stat</c>.</exception>
    public static bool Is(string id)
    {
        var process = int.Parse(id, CultureInfo.InvariantCulture);
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (e.HResult == NoSuchProcess)
        {
            return false;
        }
    }

    // ESRCH: it went between the opening and the reading.
    const int NoSuchProcess = 3;
}
