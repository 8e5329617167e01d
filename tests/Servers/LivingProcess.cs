namespace Holoflow.Servers;

/// <summary>Tells living processes from dead ones that nobody has collected yet: an init process may take seconds for that.</summary>
public static class LivingProcess
{
    /// <summary>Whether a process of this id executes, sleeps or is stopped.</summary>
    public static bool Is(string id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id.Trim()}/stat");
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
