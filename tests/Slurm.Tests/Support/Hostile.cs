namespace Holoflow.Slurm.Tests.Support;

/// <summary>Text that shells, batch scripts and Slurm's own patterns would like to read as something else.</summary>
static class Hostile
{
    static readonly string[] Pieces =
    [
        " ", "  ", "\t", "'", "\"", "`id`", "$(touch /tmp/pwned)", "${HOME}", "$HOME", "#SBATCH --account=root", "#", "%j", "%A_%a", "%%", "\\", "\\n", "*", "?", "[a-z]", "~", "!", "!!", "&", "&&", "|", ";", "<", ">",
        "(", ")", "{a,b}", "=", "-", "--", "--wrap=id", "-A", ",", ":", "/", "..", "é", "漢", "🛰", "a", "b1", "beam 07", "null", "(null)", "JobState=COMPLETED", "\u001b[31m", "\u0007", "\r",
    ];

    static readonly string[] LinePieces = ["\n", "\r\n", "\n#SBATCH --uid=0\n", "\u001f", "\u001e"];

    /// <summary>One text of up to eight pieces.</summary>
    public static string Text(Random random, bool withLineBreaks) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 9)).Select(_ => Piece(random, withLineBreaks)));

    static string Piece(Random random, bool withLineBreaks) =>
        withLineBreaks && random.Next(6) == 0 ? LinePieces[random.Next(LinePieces.Length)] : Pieces[random.Next(Pieces.Length)];
}
